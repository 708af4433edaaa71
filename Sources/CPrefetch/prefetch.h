// SPDX-License-Identifier: Apache-2.0

#ifndef HEADROOM_PREFETCH_H
#define HEADROOM_PREFETCH_H

/// Asks the processor to bring the cache line of an address near; changes nothing else, and an
/// address that is none does no harm.
static inline void headroom_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

#endif
