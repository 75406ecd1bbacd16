#include "CWinograd.h"

#include <string.h>

// Swift compiles for the oldest processor of its platform; here each function is there twice, and the processor decides.

// Vectors of this size have no calling convention on older processors; none is passed between functions that are not inlined.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float floats __attribute__((vector_size(64)));
typedef uint32_t words __attribute__((vector_size(64)));
typedef uint32_t pairs __attribute__((vector_size(64)));
typedef uint16_t halves __attribute__((vector_size(32)));

/// Channels of a vector, columns and rows of a matrix product's innermost loop.
enum { LANES = 16, CHUNK = 64, ROWS = 6, GRADIENT_ROWS = 4 };

#define INLINE static inline __attribute__((always_inline))

/// Numbers of a transformed tile.
static int numbers_of(const winograd_layer *layer) { return layer->height == 2 && layer->width == 2 ? 9 : 16; }

/// Tiles whose transformed values are at hand at a time while weight gradients are summed: the more sums there are to read and write
/// for them, the more tiles.
static size_t gradient_tiles(const winograd_layer *layer) {
  size_t tiles = (layer->inputs + layer->outputs) / 4;
  return tiles < 64 ? 64 : tiles > 256 ? 256 : tiles;
}

// MARK: With 32-bit products

#define NAME(f) plain_##f

INLINE words plain_upper_bits(floats values) {
  words bits = (words)values;
  return (bits + 0x7fff + ((bits >> 16) & 1)) & 0xffff0000;
}

INLINE halves plain_rounded(floats values) { return __builtin_convertvector(plain_upper_bits(values) >> 16, halves); }

/// Values of a and b, rounded, in turn.
INLINE pairs plain_paired(floats a, floats b) { return plain_upper_bits(a) >> 16 | plain_upper_bits(b); }

/// sums + the products of both halves of each pair.
INLINE floats plain_added_products(floats sums, pairs a, pairs b) {
  return sums + (floats)(a << 16) * (floats)(b << 16) + (floats)(a & 0xffff0000) * (floats)(b & 0xffff0000);
}

#include "winograd_kernel.h"
#undef NAME

// MARK: With bfloat16 products

#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,fma"))), apply_to = function)
#define NAME(f) fast_##f

INLINE halves fast_rounded(floats values) { return (halves)_mm512_cvtneps_pbh((__m512)values); }

INLINE pairs fast_paired(floats a, floats b) {
  typedef uint16_t halves32 __attribute__((vector_size(64)));
  halves32 both = (halves32)_mm512_cvtne2ps_pbh((__m512)b, (__m512)a);
  return (pairs)__builtin_shufflevector(
      both, both, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30,
      15, 31);
}

INLINE floats fast_added_products(floats sums, pairs a, pairs b) {
  return (floats)_mm512_dpbf16_ps((__m512)sums, (__m512bh)a, (__m512bh)b);
}

#include "winograd_kernel.h"
#undef NAME
#pragma clang attribute pop

#define CALL(f, ...) (__builtin_cpu_supports("avx512bf16") ? fast_##f(__VA_ARGS__) : plain_##f(__VA_ARGS__))
#else
#define CALL(f, ...) plain_##f(__VA_ARGS__)
#endif

size_t winograd_tile_count(winograd_layer layer) {
  return layer.batch * ((layer.height + 1) / 2) * ((layer.width + 1) / 2);
}

size_t winograd_number_count(winograd_layer layer) { return (size_t)numbers_of(&layer); }

size_t winograd_convolve_scratch(winograd_layer layer, size_t tiles) {
  size_t width = layer.outputs < CHUNK ? layer.outputs : CHUNK;
  return numbers_of(&layer) * plain_padded(tiles) * (layer.inputs * sizeof(uint16_t) + width * sizeof(float));
}

size_t winograd_gradient_scratch(winograd_layer layer, size_t tiles, size_t channels) {
  size_t most = gradient_tiles(&layer), even = tiles + tiles % 2;
  return numbers_of(&layer) * (even < most ? even : most) * (channels + layer.outputs) * sizeof(uint16_t);
}

void winograd_weights(winograd_layer layer, const float *taps, uint16_t *weights, size_t first, size_t count) {
  CALL(weights, &layer, taps, weights, first, count);
}

void winograd_reversed_weights(
    winograd_layer layer, const float *taps, uint16_t *weights, size_t first, size_t count) {
  CALL(reversed_weights, &layer, taps, weights, first, count);
}

void winograd_convolve(
    winograd_layer layer, const uint16_t *x, const uint16_t *weights, const float *bias, float lowest, uint16_t *y,
    size_t first, size_t count, void *scratch) {
  CALL(convolve, &layer, x, weights, bias, lowest, y, first, count, scratch);
}

void winograd_gradient(
    winograd_layer layer, const uint16_t *x, const uint16_t *dy, size_t first, size_t count, size_t channel,
    size_t channels, void *scratch, float *sums, float *bias) {
  CALL(gradient, &layer, x, dy, first, count, channel, channels, scratch, sums, bias);
}

void winograd_gradient_total(
    winograd_layer layer, const float *sums, size_t parts, size_t first, size_t count, float *taps) {
  CALL(gradient_total, &layer, sums, parts, first, count, taps);
}
