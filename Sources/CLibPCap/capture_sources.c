#include "clibpcap.h"
