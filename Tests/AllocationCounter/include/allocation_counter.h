#pragma once

#include <stdbool.h>

/// Whether allocations are counted here: where the C library lets malloc be replaced and called under another name (glibc).
bool counts_allocations(void);

/// From now on allocations of this thread are counted that ask for at least so many bytes, but for oneDNN's own.
void start_counting_allocations(unsigned long smallest);

/// Ends the count, and gives it.
unsigned long stop_counting_allocations(void);
