// The body of winograd.c, compiled twice: with the processor's bfloat16 products and without. NAME(f) is the function's name there.

INLINE floats NAME(load)(const uint16_t *from) {
  halves bits;
  memcpy(&bits, from, sizeof bits);
  return (floats)(__builtin_convertvector(bits, words) << 16);
}

INLINE floats NAME(load_floats)(const float *from) {
  floats values;
  memcpy(&values, from, sizeof values);
  return values;
}

INLINE void NAME(store)(uint16_t *to, floats values) {
  halves bits = NAME(rounded)(values);
  memcpy(to, &bits, sizeof bits);
}

INLINE void NAME(store_floats)(float *to, floats values) { memcpy(to, &values, sizeof values); }

// MARK: Transforms, of 16 channels at a time

/// Where a tile lies.
typedef struct {
  size_t sample, row, column;
} NAME(place);

INLINE NAME(place) NAME(place_of)(const winograd_layer *layer, size_t tile) {
  size_t columns = (layer->width + 1) / 2, rows = (layer->height + 1) / 2;
  return (NAME(place)){tile / (rows * columns), 2 * (tile / columns % rows), 2 * (tile % columns)};
}

/// A map of 2x2 pixels, transformed: along each axis x0 + x1, x1, x0.
INLINE void NAME(input_map)(const uint16_t *map, floats d[9]) {
  floats a = NAME(load)(map), b = NAME(load)(map + LANES), c = NAME(load)(map + 2 * LANES), e = NAME(load)(map + 3 * LANES);
  floats left[3] = {a + c, c, a}, right[3] = {b + e, e, b};
  for (int i = 0; i < 3; i++) d[3 * i] = left[i] + right[i], d[3 * i + 1] = right[i], d[3 * i + 2] = left[i];
}

/// The 4x4 inputs a tile sees, transformed: B^T d B.
INLINE void NAME(input_tile)(
    int numbers, const winograd_layer *layer, const uint16_t *map, NAME(place) at, floats d[16]) {
  if (numbers == 9) return NAME(input_map)(map, d);
  ptrdiff_t top = (ptrdiff_t)at.row - 1, left = (ptrdiff_t)at.column - 1;
  ptrdiff_t height = (ptrdiff_t)layer->height, width = (ptrdiff_t)layer->width;
  if (top >= 0 && left >= 0 && top + 4 <= height && left + 4 <= width) {
    for (int i = 0; i < 4; i++)
      for (int j = 0; j < 4; j++) d[4 * i + j] = NAME(load)(map + ((top + i) * width + left + j) * LANES);
  } else {
    for (int i = 0; i < 4; i++)
      for (int j = 0; j < 4; j++) {
        int isInside = top + i >= 0 && top + i < height && left + j >= 0 && left + j < width;
        d[4 * i + j] = isInside ? NAME(load)(map + ((top + i) * width + left + j) * LANES) : (floats){0};
      }
  }
  for (int j = 0; j < 4; j++) {
    floats a = d[j], b = d[4 + j], c = d[8 + j], e = d[12 + j];
    d[j] = a - c, d[4 + j] = b + c, d[8 + j] = c - b, d[12 + j] = b - e;
  }
  for (int i = 0; i < 16; i += 4) {
    floats a = d[i], b = d[i + 1], c = d[i + 2], e = d[i + 3];
    d[i] = a - c, d[i + 1] = b + c, d[i + 2] = c - b, d[i + 3] = b - e;
  }
}

/// The gradient of a map of 2x2 pixels, transformed: along each axis y0 + y1, y0, y1. Returns their sum.
INLINE floats NAME(gradient_map)(const uint16_t *map, floats g[9]) {
  floats a = NAME(load)(map), b = NAME(load)(map + LANES), c = NAME(load)(map + 2 * LANES), e = NAME(load)(map + 3 * LANES);
  floats left[3] = {a + c, a, c}, right[3] = {b + e, b, e};
  for (int i = 0; i < 3; i++) g[3 * i] = left[i] + right[i], g[3 * i + 1] = left[i], g[3 * i + 2] = right[i];
  return g[0];
}

/// The gradient of a tile's 2x2 outputs, transformed: A dy A^T. Returns their sum.
INLINE floats NAME(gradient_tile)(
    int numbers, const winograd_layer *layer, const uint16_t *map, NAME(place) at, floats g[16]) {
  if (numbers == 9) return NAME(gradient_map)(map, g);
  int hasBelow = at.row + 1 < layer->height, hasRight = at.column + 1 < layer->width;
  const uint16_t *first = map + (at.row * layer->width + at.column) * LANES, *below = first + layer->width * LANES;
  floats zero = {0};
  floats a = NAME(load)(first), b = hasRight ? NAME(load)(first + LANES) : zero;
  floats c = hasBelow ? NAME(load)(below) : zero, e = hasBelow && hasRight ? NAME(load)(below + LANES) : zero;
  floats left[4] = {a, a + c, a - c, -c}, right[4] = {b, b + e, b - e, -e};
  for (int i = 0; i < 4; i++) {
    g[4 * i] = left[i], g[4 * i + 1] = left[i] + right[i], g[4 * i + 2] = left[i] - right[i], g[4 * i + 3] = -right[i];
  }
  return g[5];
}

/// The weights of one input channel, transformed: G w G^T.
///
/// `taps` holds the channel's first tap; others are `stride` further on, in reverse order if it is negative. For maps of 2x2
/// pixels it is along each axis w1, w2 - w1, w0 - w1.
INLINE void NAME(weight_tile)(int numbers, const float *taps, ptrdiff_t stride, floats u[16]) {
  floats rows[12];
  if (numbers == 9) {
    for (int j = 0; j < 3; j++) {
      floats a = NAME(load_floats)(taps + j * stride), b = NAME(load_floats)(taps + (3 + j) * stride);
      rows[j] = b, rows[3 + j] = NAME(load_floats)(taps + (6 + j) * stride) - b, rows[6 + j] = a - b;
    }
    for (int i = 0; i < 9; i += 3) {
      floats a = rows[i], b = rows[i + 1], c = rows[i + 2];
      u[i] = b, u[i + 1] = c - b, u[i + 2] = a - b;
    }
    return;
  }
  for (int j = 0; j < 3; j++) {
    floats a = NAME(load_floats)(taps + j * stride), b = NAME(load_floats)(taps + (3 + j) * stride);
    floats c = NAME(load_floats)(taps + (6 + j) * stride);
    rows[j] = a, rows[3 + j] = (a + b + c) * 0.5f, rows[6 + j] = (a - b + c) * 0.5f, rows[9 + j] = c;
  }
  for (int i = 0; i < 4; i++) {
    floats a = rows[3 * i], b = rows[3 * i + 1], c = rows[3 * i + 2];
    u[4 * i] = a, u[4 * i + 1] = (a + b + c) * 0.5f, u[4 * i + 2] = (a - b + c) * 0.5f, u[4 * i + 3] = c;
  }
}

// MARK: Weights

// [K in chunks of 64][16 or 9][C / 2][the chunk][2]: what a product reads lies side by side.
INLINE void NAME(weights_of)(
    int numbers, const winograd_layer *layer, const float *taps, uint16_t *weights, size_t first, size_t count) {
  size_t inputs = layer->inputs, outputs = layer->outputs;
  ptrdiff_t stride = (ptrdiff_t)(inputs * outputs);
  for (size_t c = first; c < first + count; c += 2) {
    for (size_t k = 0; k < outputs; k += LANES) {
      size_t chunk = k / CHUNK * CHUNK, width = outputs - chunk < CHUNK ? outputs - chunk : CHUNK;
      uint16_t *to = weights + chunk * numbers * inputs + c * width + 2 * (k - chunk);
      floats a[16], b[16];
      NAME(weight_tile)(numbers, taps + c * outputs + k, stride, a);
      NAME(weight_tile)(numbers, taps + (c + 1) * outputs + k, stride, b);
      for (int i = 0; i < numbers; i++) {
        pairs both = NAME(paired)(a[i], b[i]);
        memcpy(to + i * inputs * width, &both, sizeof both);
      }
    }
  }
}

// [C in chunks of 64][16 or 9][K / 2][the chunk][2], from taps in reverse order.
INLINE void NAME(reversed_weights_of)(
    int numbers, const winograd_layer *layer, const float *taps, uint16_t *weights, size_t first, size_t count) {
  size_t inputs = layer->inputs, outputs = layer->outputs;
  ptrdiff_t stride = (ptrdiff_t)(inputs * outputs);
  for (size_t c = first; c < first + count; c += LANES) {
    size_t chunk = c / CHUNK * CHUNK, width = inputs - chunk < CHUNK ? inputs - chunk : CHUNK;
    for (size_t k = 0; k < outputs; k += LANES) {
      uint32_t transformed[LANES][16][LANES / 2];
      for (int j = 0; j < LANES; j++) {
        floats u[16];
        NAME(weight_tile)(numbers, taps + 8 * stride + (c + j) * outputs + k, -stride, u);
        for (int i = 0; i < numbers; i++) NAME(store)((uint16_t *)transformed[j][i], u[i]);
      }
      uint32_t *to = (uint32_t *)(weights + chunk * numbers * outputs + k * width + 2 * (c - chunk));
      for (int i = 0; i < numbers; i++, to += outputs / 2 * width)
        for (int pair = 0; pair < LANES / 2; pair++)
          for (int j = 0; j < LANES; j++) to[pair * width + j] = transformed[j][i][pair];
    }
  }
}

// MARK: Products

/// to[r, :] = sum over c of from[r, c] weights[c, :], for 6 rows and as many times 16 columns.
INLINE void NAME(product)(
    int vectors, const uint16_t *restrict from, size_t channels, const uint16_t *restrict weights, float *restrict to) {
  floats sums[ROWS][4] = {0};
  for (size_t c = 0; c < channels; c += 2, weights += 2 * LANES * vectors) {
    pairs w[4];
    for (int v = 0; v < vectors; v++) memcpy(&w[v], weights + 2 * LANES * v, sizeof w[v]);
#pragma clang loop unroll(full)
    for (int r = 0; r < ROWS; r++) {
      uint32_t two;
      memcpy(&two, from + r * channels + c, sizeof two);
      for (int v = 0; v < vectors; v++) sums[r][v] = NAME(added_products)(sums[r][v], (pairs){0} + two, w[v]);
    }
  }
  for (int r = 0; r < ROWS; r++)
    for (int v = 0; v < vectors; v++) NAME(store_floats)(to + (r * vectors + v) * LANES, sums[r][v]);
}

/// Rows in sixes.
INLINE void NAME(products)(
    int vectors, const uint16_t *from, size_t rows, size_t channels, const uint16_t *weights, float *to) {
  for (size_t r = 0; r < rows; r += ROWS)
    NAME(product)(vectors, from + r * channels, channels, weights, to + r * vectors * LANES);
}

INLINE size_t NAME(padded)(size_t rows) { return (rows + ROWS - 1) / ROWS * ROWS; }

/// The larger one; what is no number stays none.
INLINE floats NAME(at_least)(floats values, floats lowest) {
  words isBelow = (words)(values < lowest);
  return (floats)(((words)lowest & isBelow) | ((words)values & ~isBelow));
}

/// The outputs of a tile, from the products: A^T m A, or for maps of 2x2 pixels along each axis m0 + m1, m0 + m2.
INLINE void NAME(output_tile)(
    int numbers, const winograd_layer *layer, const float *products, size_t stride, floats bias, floats lowest,
    NAME(place) at, uint16_t *map) {
  floats upper[4], lower[4], results[4];
  if (numbers == 9) {
    for (int j = 0; j < 3; j++) {
      floats both = NAME(load_floats)(products + j * stride);
      upper[j] = both + NAME(load_floats)(products + (3 + j) * stride);
      lower[j] = both + NAME(load_floats)(products + (6 + j) * stride);
    }
    results[0] = upper[0] + upper[1], results[1] = upper[0] + upper[2];
    results[2] = lower[0] + lower[1], results[3] = lower[0] + lower[2];
  } else {
    for (int j = 0; j < 4; j++) {
      floats a = NAME(load_floats)(products + j * stride), b = NAME(load_floats)(products + (4 + j) * stride);
      floats c = NAME(load_floats)(products + (8 + j) * stride), e = NAME(load_floats)(products + (12 + j) * stride);
      upper[j] = a + b + c, lower[j] = b - c - e;
    }
    results[0] = upper[0] + upper[1] + upper[2], results[1] = upper[1] - upper[2] - upper[3];
    results[2] = lower[0] + lower[1] + lower[2], results[3] = lower[1] - lower[2] - lower[3];
  }
  for (int i = 0; i < 4; i++) results[i] = NAME(at_least)(results[i] + bias, lowest);
  int hasBelow = at.row + 1 < layer->height, hasRight = at.column + 1 < layer->width;
  uint16_t *first = map + (at.row * layer->width + at.column) * LANES, *below = first + layer->width * LANES;
  NAME(store)(first, results[0]);
  if (hasRight) NAME(store)(first + LANES, results[1]);
  if (hasBelow) NAME(store)(below, results[2]);
  if (hasBelow && hasRight) NAME(store)(below + LANES, results[3]);
}

INLINE void NAME(convolve_with)(
    int numbers, const winograd_layer *layer, const uint16_t *x, const uint16_t *weights, const float *bias, float lowest, uint16_t *y,
    size_t first, size_t count, void *scratch) {
  size_t inputs = layer->inputs, outputs = layer->outputs, area = layer->height * layer->width * LANES;
  size_t rows = NAME(padded)(count);
  uint16_t *transformed = scratch;
  float *products = (float *)(transformed + numbers * rows * inputs);
  for (size_t t = 0; t < count; t++) {
    NAME(place) at = NAME(place_of)(layer, first + t);
    for (size_t c = 0; c < inputs; c += LANES) {
      floats d[16];
      NAME(input_tile)(numbers, layer, x + (at.sample * inputs + c) / LANES * area, at, d);
      for (int i = 0; i < numbers; i++) NAME(store)(transformed + (i * rows + t) * inputs + c, d[i]);
    }
  }
  for (size_t k = 0; k < outputs; k += CHUNK) {
    size_t width = outputs - k < CHUNK ? outputs - k : CHUNK;
    for (int i = 0; i < numbers; i++) {
      const uint16_t *from = transformed + i * rows * inputs, *w = weights + (k * numbers + i * width) * inputs;
      float *to = products + i * rows * width;
      switch (width / LANES) {
        case 1: NAME(products)(1, from, rows, inputs, w, to); break;
        case 2: NAME(products)(2, from, rows, inputs, w, to); break;
        case 3: NAME(products)(3, from, rows, inputs, w, to); break;
        default: NAME(products)(4, from, rows, inputs, w, to); break;
      }
    }
    for (size_t t = 0; t < count; t++) {
      NAME(place) at = NAME(place_of)(layer, first + t);
      for (size_t block = 0; block < width; block += LANES) {
        floats constant = bias ? NAME(load_floats)(bias + k + block) : (floats){0};
        NAME(output_tile)(
            numbers, layer, products + t * width + block, rows * width, constant, (floats){0} + lowest, at,
            y + (at.sample * outputs + k + block) / LANES * area);
      }
    }
  }
}

// MARK: Weight gradient

/// sums[r, :] += sum over pairs of tiles of x[pair, r] dy[pair, :], for 4 rows and as many times 16 columns.
INLINE void NAME(gradient_product)(
    int vectors, size_t pairCount, const uint16_t *restrict x, size_t xStride, const uint16_t *restrict dy,
    size_t dyStride, int isFirst, float *restrict sums, size_t stride) {
  floats s[GRADIENT_ROWS][4] = {0};
  if (!isFirst) {
    for (int r = 0; r < GRADIENT_ROWS; r++)
      for (int v = 0; v < vectors; v++) s[r][v] = NAME(load_floats)(sums + r * stride + v * LANES);
  }
  for (size_t t = 0; t < pairCount; t++, x += xStride, dy += dyStride) {
    pairs d[4];
    for (int v = 0; v < vectors; v++) memcpy(&d[v], dy + 2 * LANES * v, sizeof d[v]);
    for (int r = 0; r < GRADIENT_ROWS; r++) {
      uint32_t two;
      memcpy(&two, x + 2 * r, sizeof two);
      for (int v = 0; v < vectors; v++) s[r][v] = NAME(added_products)(s[r][v], (pairs){0} + two, d[v]);
    }
  }
  for (int r = 0; r < GRADIENT_ROWS; r++)
    for (int v = 0; v < vectors; v++) NAME(store_floats)(sums + r * stride + v * LANES, s[r][v]);
}

/// Sums of as many tiles as `gradient_tiles` says.
INLINE void NAME(gradient_block)(
    int numbers, const winograd_layer *layer, const uint16_t *x, const uint16_t *dy, size_t first, size_t count, size_t channel,
    size_t channels, uint16_t *scratch, int isFirst, float *sums, float *bias) {
  size_t inputs = layer->inputs, outputs = layer->outputs, area = layer->height * layer->width * LANES;
  size_t pairCount = (count + 1) / 2;
  uint16_t *left = scratch, *right = scratch + numbers * pairCount * channels * 2;
  for (size_t t = 0; t < pairCount; t++) {
    NAME(place) one = NAME(place_of)(layer, first + 2 * t), other = NAME(place_of)(layer, first + 2 * t + 1);
    int isPair = 2 * t + 1 < count;
    for (size_t c = 0; c < channels; c += LANES) {
      floats a[16], b[16] = {0};
      NAME(input_tile)(numbers, layer, x + (one.sample * inputs + channel + c) / LANES * area, one, a);
      if (isPair) NAME(input_tile)(numbers, layer, x + (other.sample * inputs + channel + c) / LANES * area, other, b);
      for (int i = 0; i < numbers; i++) {
        pairs both = NAME(paired)(a[i], b[i]);
        memcpy(left + ((i * pairCount + t) * channels + c) * 2, &both, sizeof both);
      }
    }
    for (size_t k = 0; k < outputs; k += LANES) {
      floats a[16], b[16] = {0};
      floats sum = NAME(gradient_tile)(numbers, layer, dy + (one.sample * outputs + k) / LANES * area, one, a);
      if (isPair) sum += NAME(gradient_tile)(numbers, layer, dy + (other.sample * outputs + k) / LANES * area, other, b);
      if (bias) NAME(store_floats)(bias + k, NAME(load_floats)(bias + k) + sum);
      for (int i = 0; i < numbers; i++) {
        pairs both = NAME(paired)(a[i], b[i]);
        memcpy(right + ((i * pairCount + t) * outputs + k) * 2, &both, sizeof both);
      }
    }
  }
  for (int i = 0; i < numbers; i++) {
    for (size_t k = 0; k < outputs; k += CHUNK) {
      size_t vectors = (outputs - k < CHUNK ? outputs - k : CHUNK) / LANES;
      const uint16_t *d = right + (i * pairCount * outputs + k) * 2;
      for (size_t c = 0; c < channels; c += GRADIENT_ROWS) {
        const uint16_t *v = left + (i * pairCount * channels + c) * 2;
        float *to = sums + (i * inputs + channel + c) * outputs + k;
        switch (vectors) {
          case 1: NAME(gradient_product)(1, pairCount, v, 2 * channels, d, 2 * outputs, isFirst, to, outputs); break;
          case 2: NAME(gradient_product)(2, pairCount, v, 2 * channels, d, 2 * outputs, isFirst, to, outputs); break;
          case 3: NAME(gradient_product)(3, pairCount, v, 2 * channels, d, 2 * outputs, isFirst, to, outputs); break;
          default: NAME(gradient_product)(4, pairCount, v, 2 * channels, d, 2 * outputs, isFirst, to, outputs); break;
        }
      }
    }
  }
}

INLINE void NAME(gradient_with)(
    int numbers, const winograd_layer *layer, const uint16_t *x, const uint16_t *dy, size_t first, size_t count, size_t channel,
    size_t channels, void *scratch, float *sums, float *bias) {
  if (bias) memset(bias, 0, layer->outputs * sizeof *bias);
  if (count == 0) {
    for (int i = 0; i < numbers; i++)
      memset(sums + (i * layer->inputs + channel) * layer->outputs, 0, channels * layer->outputs * sizeof *sums);
  }
  size_t step = gradient_tiles(layer);
  for (size_t t = 0; t < count; t += step) {
    size_t tiles = count - t < step ? count - t : step;
    NAME(gradient_block)(numbers, layer, x, dy, first + t, tiles, channel, channels, scratch, t == 0, sums, bias);
  }
}

/// The sum of all parts, transformed back: G^T s G, or for maps of 2x2 pixels along each axis s2, s0 - s1 - s2, s1.
INLINE void NAME(gradient_total_of)(
    int numbers, const winograd_layer *layer, const float *sums, size_t parts, size_t first, size_t count, float *taps) {
  size_t outputs = layer->outputs, plane = layer->inputs * outputs;
  int side = numbers == 9 ? 3 : 4;
  for (size_t c = first; c < first + count; c++) {
    for (size_t k = 0; k < outputs; k += LANES) {
      const float *from = sums + c * outputs + k;
      floats s[16], rows[12];
      for (int i = 0; i < numbers; i++) {
        s[i] = NAME(load_floats)(from + i * plane);
        for (size_t part = 1; part < parts; part++) s[i] += NAME(load_floats)(from + (part * numbers + i) * plane);
      }
      for (int j = 0; j < side; j++) {
        floats *to = rows + j;
        if (numbers == 9) {
          to[0] = s[6 + j], to[side] = s[j] - s[3 + j] - s[6 + j], to[2 * side] = s[3 + j];
        } else {
          floats half = (s[4 + j] + s[8 + j]) * 0.5f;
          to[0] = s[j] + half, to[side] = (s[4 + j] - s[8 + j]) * 0.5f, to[2 * side] = half + s[12 + j];
        }
      }
      float *to = taps + c * outputs + k;
      for (int i = 0; i < 3; i++, to += 3 * plane) {
        floats *row = rows + side * i, tap[3];
        if (numbers == 9) {
          tap[0] = row[2], tap[1] = row[0] - row[1] - row[2], tap[2] = row[1];
        } else {
          floats half = (row[1] + row[2]) * 0.5f;
          tap[0] = row[0] + half, tap[1] = (row[1] - row[2]) * 0.5f, tap[2] = half + row[3];
        }
        for (int j = 0; j < 3; j++) NAME(store_floats)(to + j * plane, tap[j]);
      }
    }
  }
}

// MARK: For tiles, and for maps of 2x2 pixels

static void NAME(weights)(
    const winograd_layer *layer, const float *taps, uint16_t *weights, size_t first, size_t count) {
  if (numbers_of(layer) == 9) return NAME(weights_of)(9, layer, taps, weights, first, count);
  NAME(weights_of)(16, layer, taps, weights, first, count);
}

static void NAME(reversed_weights)(
    const winograd_layer *layer, const float *taps, uint16_t *weights, size_t first, size_t count) {
  if (numbers_of(layer) == 9) return NAME(reversed_weights_of)(9, layer, taps, weights, first, count);
  NAME(reversed_weights_of)(16, layer, taps, weights, first, count);
}

static void NAME(convolve)(
    const winograd_layer *layer, const uint16_t *x, const uint16_t *weights, const float *bias, float lowest, uint16_t *y,
    size_t first, size_t count, void *scratch) {
  if (numbers_of(layer) == 9)
    return NAME(convolve_with)(9, layer, x, weights, bias, lowest, y, first, count, scratch);
  NAME(convolve_with)(16, layer, x, weights, bias, lowest, y, first, count, scratch);
}

static void NAME(gradient)(
    const winograd_layer *layer, const uint16_t *x, const uint16_t *dy, size_t first, size_t count, size_t channel,
    size_t channels, void *scratch, float *sums, float *bias) {
  if (numbers_of(layer) == 9)
    return NAME(gradient_with)(9, layer, x, dy, first, count, channel, channels, scratch, sums, bias);
  NAME(gradient_with)(16, layer, x, dy, first, count, channel, channels, scratch, sums, bias);
}

static void NAME(gradient_total)(
    const winograd_layer *layer, const float *sums, size_t parts, size_t first, size_t count, float *taps) {
  if (numbers_of(layer) == 9) return NAME(gradient_total_of)(9, layer, sums, parts, first, count, taps);
  NAME(gradient_total_of)(16, layer, sums, parts, first, count, taps);
}
