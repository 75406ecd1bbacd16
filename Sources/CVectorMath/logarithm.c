#include "CVectorMath.h"

#include <stdint.h>
#include <string.h>

// Swift compiles for the oldest processor of its platform; here the loader takes the version for the one there is.
#if defined(__x86_64__) && defined(__linux__)
#define FOR_EACH_PROCESSOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FOR_EACH_PROCESSOR
#endif

// x = 2^e m with m between sqrt(1/2) and sqrt(2), and ln m = 2 artanh s = 2 (s + s^3/3 + s^5/5 ...) with s = (m - 1) / (m + 1),
// whose terms from the eleventh on are below 1e-16 of it.
FOR_EACH_PROCESSOR
void vector_logarithms(const double *numbers, double *logarithms, size_t count) {
  const uint64_t one = 0x3FF0000000000000, root_of_half = 0x3FE6A09E667F3BCD;
  for (size_t i = 0; i < count; i++) {
    uint64_t bits;
    memcpy(&bits, &numbers[i], sizeof bits);
    // The exponent, still 1023 too high; subtracting the bits of sqrt(1/2) rounds it so that m lies around 1.
    uint64_t biased = (bits + (one - root_of_half)) >> 52;
    bits -= (biased - 1023) << 52;
    double m;
    memcpy(&m, &bits, sizeof m);
    // Whole numbers below 2^52 are the last bits of 2^52 and themselves.
    biased |= 0x4330000000000000;
    double e;
    memcpy(&e, &biased, sizeof e);
    e -= 0x1p52 + 1023;
    double s = (m - 1) / (m + 1);
    // Summed in pairs, and pairs of pairs: one sum after the other would wait for each.
    double s2 = s * s, s4 = s2 * s2, s8 = s4 * s4;
    double low = (s2 * (1 / 3.0) + 1) + (s2 * (1 / 7.0) + 1 / 5.0) * s4;
    double high = (s2 * (1 / 11.0) + 1 / 9.0) + (s2 * (1 / 15.0) + 1 / 13.0) * s4;
    double series = low + (high + (s2 * (1 / 19.0) + 1 / 17.0) * s8) * s8;
    logarithms[i] = e * 0x1.62e42fefa39efp-1 + 2 * s * series;
  }
}
