#include "cdlibrary.h"

static const unsigned char net[] = {
#embed "library/net.d"
};
static const unsigned char ip[] = {
#embed "library/ip.d"
};
static const unsigned char tcp[] = {
#embed "library/tcp.d"
};
static const unsigned char udp[] = {
#embed "library/udp.d"
};
static const unsigned char process[] = {
#embed "library/process.d"
};

static const struct cdlibrary_text texts[] = {
	{"net.d", net, sizeof net}, {"process.d", process, sizeof process}, {"ip.d", ip, sizeof ip},
	{"tcp.d", tcp, sizeof tcp}, {"udp.d", udp, sizeof udp},
};
const size_t cdlibrary_count = sizeof texts / sizeof *texts;

const struct cdlibrary_text *cdlibrary_at(size_t index)
{
	return index < cdlibrary_count ? &texts[index] : NULL;
}
