/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Runs the packet filter on the views of a packet: include/nettrace_views.h. */
#ifndef NETTRACE_FILTER_VIEWS_H
#define NETTRACE_FILTER_VIEWS_H

#define NT_CONFIG_INSIDE (NT_CONFIG_INSIDE_TUNNELS | NT_CONFIG_INSIDE_ERRORS)
#define NT_CONFIG_INSIDE_SHIFT 14
_Static_assert(NT_CONFIG_INSIDE >> NT_CONFIG_INSIDE_SHIFT == (NT_INSIDE_TUNNELS | NT_INSIDE_ERRORS), "the same bits");

static __always_inline bool filters_packets(void)
{
	return config.flags & NT_CONFIG_FILTER_PACKET || config.sets;
}

static __always_inline bool match_expression(struct nt_filter_ctx *packet)
{
	return !(config.flags & NT_CONFIG_FILTER_PACKET) || nt_packet_filter(packet);
}

/* The expression and the lists, on the headers as they stand. */
static __always_inline bool match_headers(struct nt_filter_ctx *packet)
{
	return match_expression(packet) && (!config.sets || match_sets(packet));
}

/* True if the view is another one now. */
static __noinline bool skip_to_headers(struct nt_filter_ctx *packet)
{
	bool moved;

	nt_blur(packet, packet, sizeof(*packet));
	moved = nt_skip_tags(packet);
	if (!(config.flags & NT_CONFIG_SEE_EXTENSIONS) && nt_skip_extensions(packet))
		moved = true;
	nt_blur(packet, packet, sizeof(*packet));
	return blurred(moved);
}

/* Whether there is something to be skipped; cheap, since there hardly ever is. */
static __always_inline bool has_something_before(const struct nt_filter_ctx *packet)
{
	if (packet->protocol == NT_ETH_P_IPV6)
		return nt_is_extension(packet->data[NT_L2_LEN + 6]);
	return nt_is_tag(packet->protocol);
}

static __noinline bool enter_view(struct nt_filter_ctx *packet)
{
	return nt_enter(packet, config.flags >> NT_CONFIG_INSIDE_SHIFT & (NT_INSIDE_TUNNELS | NT_INSIDE_ERRORS));
}

/* A filter that speaks of tags sees them; the lists, and who looks inside, never do. */
static __always_inline bool match_view(struct nt_filter_ctx *packet, bool *moved)
{
	bool matches = true;

	if (config.flags & NT_CONFIG_RESTORE_VLAN)
		matches = match_expression(packet);
	if (has_something_before(packet))
		*moved |= skip_to_headers(packet);
	if (!(config.flags & NT_CONFIG_RESTORE_VLAN))
		matches = match_expression(packet);
	return matches && (!config.sets || match_sets(packet));
}

/*
 * Whether one of the packet's views matches. The packet is another one then
 * where `moved` says so: it has to be located again.
 */
static __always_inline bool match_packet(struct nt_filter_ctx *packet, bool *moved)
{
	bool matches;

	if (!filters_packets())
		return true;
	matches = match_view(packet, moved);
	if (config.flags & NT_CONFIG_INSIDE) {
#pragma unroll
		for (int i = 0; i < NT_MAX_INNER; i++) {
			if (matches || !enter_view(packet))
				break;
			*moved = true;
			matches = match_view(packet, moved);
		}
	}
	return matches;
}

/* The packet as it was before match_packet(). A function of its own: it is hardly ever wanted. */
static __noinline bool locate_again(struct nt_filter_ctx *packet, const struct sk_buff *w, bool has_tag)
{
	packet->has_l2 = 0;
	__builtin_memset(packet->data, 0, NT_L2_LEN);
	if (!locate_headers(packet, w))
		return false;
	if (has_tag)
		restore_vlan_tag(packet, w);
	return true;
}

#endif
