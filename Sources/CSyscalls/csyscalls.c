#include "csyscalls.h"
