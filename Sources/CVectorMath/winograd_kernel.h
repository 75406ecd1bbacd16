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

/// The 4x4 inputs a tile sees, transformed: B^T d B.
INLINE void NAME(input_tile)(const winograd_layer *layer, const uint16_t *map, NAME(place) at, floats d[TILE]) {
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
  for (int i = 0; i < TILE; i += 4) {
    floats a = d[i], b = d[i + 1], c = d[i + 2], e = d[i + 3];
    d[i] = a - c, d[i + 1] = b + c, d[i + 2] = c - b, d[i + 3] = b - e;
  }
}

/// The gradient of a tile's 2x2 outputs, transformed: A dy A^T. Returns their sum.
INLINE floats NAME(gradient_tile)(const winograd_layer *layer, const uint16_t *map, NAME(place) at, floats g[TILE]) {
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
/// `taps` holds the channel's first tap; others are `stride` further on, in reverse order if it is negative.
INLINE void NAME(weight_tile)(const float *taps, ptrdiff_t stride, floats u[TILE]) {
  floats rows[12];
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

// [K in chunks of 64][16][C / 2][the chunk][2]: what a product reads lies side by side.
static void NAME(weights)(
    const winograd_layer *layer, const float *taps, uint16_t *weights, size_t first, size_t count) {
  size_t inputs = layer->inputs, outputs = layer->outputs;
  ptrdiff_t stride = (ptrdiff_t)(inputs * outputs);
  for (size_t c = first; c < first + count; c += 2) {
    for (size_t k = 0; k < outputs; k += LANES) {
      size_t chunk = k / CHUNK * CHUNK, width = outputs - chunk < CHUNK ? outputs - chunk : CHUNK;
      uint16_t *to = weights + chunk * TILE * inputs + c * width + 2 * (k - chunk);
      floats a[TILE], b[TILE];
      NAME(weight_tile)(taps + c * outputs + k, stride, a);
      NAME(weight_tile)(taps + (c + 1) * outputs + k, stride, b);
      for (int i = 0; i < TILE; i++) {
        pairs both = NAME(paired)(a[i], b[i]);
        memcpy(to + i * inputs * width, &both, sizeof both);
      }
    }
  }
}

// [C in chunks of 64][16][K / 2][the chunk][2], from taps in reverse order.
static void NAME(reversed_weights)(
    const winograd_layer *layer, const float *taps, uint16_t *weights, size_t first, size_t count) {
  size_t inputs = layer->inputs, outputs = layer->outputs;
  ptrdiff_t stride = (ptrdiff_t)(inputs * outputs);
  for (size_t c = first; c < first + count; c += LANES) {
    size_t chunk = c / CHUNK * CHUNK, width = inputs - chunk < CHUNK ? inputs - chunk : CHUNK;
    for (size_t k = 0; k < outputs; k += LANES) {
      uint32_t transformed[LANES][TILE][LANES / 2];
      for (int j = 0; j < LANES; j++) {
        floats u[TILE];
        NAME(weight_tile)(taps + 8 * stride + (c + j) * outputs + k, -stride, u);
        for (int i = 0; i < TILE; i++) NAME(store)((uint16_t *)transformed[j][i], u[i]);
      }
      uint32_t *to = (uint32_t *)(weights + chunk * TILE * outputs + k * width + 2 * (c - chunk));
      for (int i = 0; i < TILE; i++, to += outputs / 2 * width)
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

/// The outputs of a tile, from the products: A^T m A.
INLINE void NAME(output_tile)(
    const winograd_layer *layer, const float *products, size_t stride, floats bias, floats lowest, NAME(place) at,
    uint16_t *map) {
  floats upper[4], lower[4];
  for (int j = 0; j < 4; j++) {
    floats a = NAME(load_floats)(products + j * stride), b = NAME(load_floats)(products + (4 + j) * stride);
    floats c = NAME(load_floats)(products + (8 + j) * stride), e = NAME(load_floats)(products + (12 + j) * stride);
    upper[j] = a + b + c, lower[j] = b - c - e;
  }
  int hasBelow = at.row + 1 < layer->height, hasRight = at.column + 1 < layer->width;
  uint16_t *first = map + (at.row * layer->width + at.column) * LANES, *below = first + layer->width * LANES;
  floats a = upper[0] + upper[1] + upper[2] + bias, b = upper[1] - upper[2] - upper[3] + bias;
  floats c = lower[0] + lower[1] + lower[2] + bias, e = lower[1] - lower[2] - lower[3] + bias;
  NAME(store)(first, __builtin_elementwise_max(a, lowest));
  if (hasRight) NAME(store)(first + LANES, __builtin_elementwise_max(b, lowest));
  if (hasBelow) NAME(store)(below, __builtin_elementwise_max(c, lowest));
  if (hasBelow && hasRight) NAME(store)(below + LANES, __builtin_elementwise_max(e, lowest));
}

static void NAME(convolve)(
    const winograd_layer *layer, const uint16_t *x, const uint16_t *weights, const float *bias, float lowest, uint16_t *y,
    size_t first, size_t count, void *scratch) {
  size_t inputs = layer->inputs, outputs = layer->outputs, area = layer->height * layer->width * LANES;
  size_t rows = NAME(padded)(count);
  uint16_t *transformed = scratch;
  float *products = (float *)(transformed + TILE * rows * inputs);
  for (size_t t = 0; t < count; t++) {
    NAME(place) at = NAME(place_of)(layer, first + t);
    for (size_t c = 0; c < inputs; c += LANES) {
      floats d[TILE];
      NAME(input_tile)(layer, x + (at.sample * inputs + c) / LANES * area, at, d);
      for (int i = 0; i < TILE; i++) NAME(store)(transformed + (i * rows + t) * inputs + c, d[i]);
    }
  }
  for (size_t k = 0; k < outputs; k += CHUNK) {
    size_t width = outputs - k < CHUNK ? outputs - k : CHUNK;
    for (int i = 0; i < TILE; i++) {
      const uint16_t *from = transformed + i * rows * inputs, *w = weights + k * TILE * inputs + i * inputs * width;
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
            layer, products + t * width + block, rows * width, constant, (floats){0} + lowest, at,
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
static void NAME(gradient_block)(
    const winograd_layer *layer, const uint16_t *x, const uint16_t *dy, size_t first, size_t count, size_t channel,
    size_t channels, uint16_t *scratch, int isFirst, float *sums, float *bias) {
  size_t inputs = layer->inputs, outputs = layer->outputs, area = layer->height * layer->width * LANES;
  size_t pairCount = (count + 1) / 2;
  uint16_t *left = scratch, *right = scratch + TILE * pairCount * channels * 2;
  for (size_t t = 0; t < pairCount; t++) {
    NAME(place) one = NAME(place_of)(layer, first + 2 * t), other = NAME(place_of)(layer, first + 2 * t + 1);
    int isPair = 2 * t + 1 < count;
    for (size_t c = 0; c < channels; c += LANES) {
      floats a[TILE], b[TILE] = {0};
      NAME(input_tile)(layer, x + (one.sample * inputs + channel + c) / LANES * area, one, a);
      if (isPair) NAME(input_tile)(layer, x + (other.sample * inputs + channel + c) / LANES * area, other, b);
      for (int i = 0; i < TILE; i++) {
        pairs both = NAME(paired)(a[i], b[i]);
        memcpy(left + ((i * pairCount + t) * channels + c) * 2, &both, sizeof both);
      }
    }
    for (size_t k = 0; k < outputs; k += LANES) {
      floats a[TILE], b[TILE] = {0};
      floats sum = NAME(gradient_tile)(layer, dy + (one.sample * outputs + k) / LANES * area, one, a);
      if (isPair) sum += NAME(gradient_tile)(layer, dy + (other.sample * outputs + k) / LANES * area, other, b);
      if (bias) NAME(store_floats)(bias + k, NAME(load_floats)(bias + k) + sum);
      for (int i = 0; i < TILE; i++) {
        pairs both = NAME(paired)(a[i], b[i]);
        memcpy(right + ((i * pairCount + t) * outputs + k) * 2, &both, sizeof both);
      }
    }
  }
  for (int i = 0; i < TILE; i++) {
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

static void NAME(gradient)(
    const winograd_layer *layer, const uint16_t *x, const uint16_t *dy, size_t first, size_t count, size_t channel,
    size_t channels, void *scratch, float *sums, float *bias) {
  if (bias) memset(bias, 0, layer->outputs * sizeof *bias);
  if (count == 0) {
    for (size_t i = 0; i < TILE; i++)
      memset(sums + (i * layer->inputs + channel) * layer->outputs, 0, channels * layer->outputs * sizeof *sums);
  }
  size_t step = gradient_tiles(layer);
  for (size_t t = 0; t < count; t += step) {
    size_t tiles = count - t < step ? count - t : step;
    NAME(gradient_block)(layer, x, dy, first + t, tiles, channel, channels, scratch, t == 0, sums, bias);
  }
}

// G^T s G, the sum of all parts first.
static void NAME(gradient_total)(
    const winograd_layer *layer, const float *sums, size_t parts, size_t first, size_t count, float *taps) {
  size_t outputs = layer->outputs, plane = layer->inputs * outputs;
  for (size_t c = first; c < first + count; c++) {
    for (size_t k = 0; k < outputs; k += LANES) {
      const float *from = sums + c * outputs + k;
      floats s[TILE], rows[12];
      for (int i = 0; i < TILE; i++) {
        s[i] = NAME(load_floats)(from + i * plane);
        for (size_t part = 1; part < parts; part++) s[i] += NAME(load_floats)(from + (part * TILE + i) * plane);
      }
      for (int j = 0; j < 4; j++) {
        floats half = (s[4 + j] + s[8 + j]) * 0.5f;
        rows[j] = s[j] + half, rows[4 + j] = (s[4 + j] - s[8 + j]) * 0.5f, rows[8 + j] = half + s[12 + j];
      }
      float *to = taps + c * outputs + k;
      for (int i = 0; i < 3; i++) {
        floats *r = rows + 4 * i, half = (r[1] + r[2]) * 0.5f;
        NAME(store_floats)(to + 3 * i * plane, r[0] + half);
        NAME(store_floats)(to + (3 * i + 1) * plane, (r[1] - r[2]) * 0.5f);
        NAME(store_floats)(to + (3 * i + 2) * plane, half + r[3]);
      }
    }
  }
}

