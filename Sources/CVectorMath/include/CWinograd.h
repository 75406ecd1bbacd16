#ifndef CWINOGRAD_H
#define CWINOGRAD_H

#include <stddef.h>
#include <stdint.h>

/// A 3x3 convolution of stride 1 over maps with one row and column of zeros around them, and its gradients, in bfloat16.
///
/// Winograd's F(2x2, 3x3) (Lavin and Gray 2016, "Fast algorithms for convolutional neural networks"): a tile of 2x2 outputs and the
/// 4x4 inputs it sees are transformed so that 16 products of matrices over the channels take the place of 36. A map of 2x2 pixels is a
/// tile of its own, with 9 products in place of the 16 that do not fall on padding: along each axis the outputs w1 x0 + w2 x1 and
/// w0 x0 + w1 x1 are sums of w1 (x0 + x1), (w2 - w1) x1 and (w0 - w1) x0. Sums are 32-bit; transformed inputs, weights and gradients are
/// rounded to bfloat16 once more.
///
/// Maps are [N, C / 16, H, W, 16], as oneDNN's nChw16c; weights are [3, 3, C, K] in 32 bits. Channels come in multiples of 16.
/// Every function does a part of the work, for callers that divide it among threads.
typedef struct {
  /// N.
  size_t batch;
  /// H and W.
  size_t height, width;
  /// C and K.
  size_t inputs, outputs;
} winograd_layer;

/// Tiles of all maps.
size_t winograd_tile_count(winograd_layer layer);

/// Products in which each input channel meets each output channel, for a tile: 16, or 9.
size_t winograd_number_count(winograd_layer layer);

/// Bytes that `winograd_convolve` needs for as many tiles.
size_t winograd_convolve_scratch(winograd_layer layer, size_t tiles);

/// Bytes that `winograd_gradient` needs for as many tiles and input channels.
size_t winograd_gradient_scratch(winograd_layer layer, size_t tiles, size_t channels);

/// Transforms the weights of the input channels from `first` on: as many times C K bfloat16 values in all as there
/// are products for a tile.
///
/// `first` and `count` are multiples of 16.
void winograd_weights(winograd_layer layer, const float *taps, uint16_t *weights, size_t first, size_t count);

/// As `winograd_weights`, for the convolution that gives the gradient of the input: `layer` is the forward one still.
void winograd_reversed_weights(
    winograd_layer layer, const float *taps, uint16_t *weights, size_t first, size_t count);

/// Computes the outputs of tiles.
///
/// `bias` [K] is added where it is given; what is below `lowest` becomes `lowest`: 0 is a ReLU, -INFINITY none.
void winograd_convolve(
    winograd_layer layer, const uint16_t *x, const uint16_t *weights, const float *bias, float lowest, uint16_t *y,
    size_t first, size_t count, void *scratch);

/// Sums what tiles say about the weights of `channels` input channels, from `channel` on, in the transformed space.
///
/// Of `sums` [products for a tile, C, K] the rows of these channels are written; so is `bias` [K], the sum of `dy`, where it is given. `channel` and
/// `channels` are multiples of 16, `first` is even.
void winograd_gradient(
    winograd_layer layer, const uint16_t *x, const uint16_t *dy, size_t first, size_t count, size_t channel,
    size_t channels, void *scratch, float *sums, float *bias);

/// Adds up the sums of several parts, one after the other in memory, and transforms them back to the gradient of the weights
/// [3, 3, C, K], for `count` input channels from `first` on.
void winograd_gradient_total(
    winograd_layer layer, const float *sums, size_t parts, size_t first, size_t count, float *taps);

#endif
