#ifndef CVECTORMATH_H
#define CVECTORMATH_H

#include <stddef.h>

/// Writes the natural logarithms of `count` numbers that are not negative, to within a few units in the last place.
///
/// 0, and what is smaller than a normal number, counts as something near 2^-1023.
void vector_logarithms(const double *numbers, double *logarithms, size_t count);

#endif
