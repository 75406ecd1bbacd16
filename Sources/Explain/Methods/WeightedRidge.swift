internal import COpenBLAS

/// A linear fit by weighted least squares with an L2 penalty on the coefficients, not on the intercept.
///
/// Minimises sum_i w_i (y_i - b - a x_i)^2 + penalty |a|^2, through LAPACK's Cholesky factorisation of the centred normal
/// equations: scikit-learn's `Ridge(alpha, fit_intercept=True)` with sample weights.
struct WeightedRidge {
  /// a.
  private(set) var coefficients: [Double]
  /// b.
  private(set) var intercept: Double
  /// The weighted share of the variance of y that the fit explains: 1 at best; 1 when y does not vary.
  private(set) var r2: Double

  /// Fits.
  ///
  /// - Parameters:
  ///   - rows: x, a row of the same length for each sample, one after the other.
  ///   - y: the values to be explained.
  ///   - weights: w, above zero.
  ///   - penalty: above zero, unless the rows are known to span all directions.
  /// - Throws: `ExplainError.singular`.
  init(rows: [Double], y: [Double], weights: [Double], penalty: Double) throws {
    let (count, width) = (y.count, rows.count / max(1, y.count))
    precondition(rows.count == count * width && weights.count == count && width > 0, "A weighted row for each value")
    let total = weights.reduce(0, +)
    var means = [Double](repeating: 0, count: width)
    for i in 0..<count { for j in 0..<width { means[j] += weights[i] * rows[i * width + j] / total } }
    let mean = zip(weights, y).reduce(0) { $0 + $1.0 * $1.1 } / total

    var centred = rows
    var right = [Double](repeating: 0, count: width)
    for i in 0..<count {
      let root = weights[i].squareRoot()
      for j in 0..<width {
        centred[i * width + j] = root * (rows[i * width + j] - means[j])
        right[j] += root * centred[i * width + j] * (y[i] - mean)
      }
    }
    var normal = [Double](repeating: 0, count: width * width)
    for j in 0..<width { normal[j * width + j] = penalty }
    var (order, samples, one, ones, info) = (Int32(width), Int32(count), 1.0, Int32(1), Int32(0))
    dsyrk_("U", "N", &order, &samples, &one, centred, &order, &one, &normal, &order, 1, 1)
    dposv_("U", &order, &ones, &normal, &order, &right, &order, &info, 1)
    guard info == 0 else { throw ExplainError.singular("a linear fit of \(width) coefficients to \(count) samples") }

    coefficients = right
    intercept = mean - zip(right, means).reduce(0) { $0 + $1.0 * $1.1 }
    var (residual, variance) = (0.0, 0.0)
    for i in 0..<count {
      var fitted = intercept
      for j in 0..<width { fitted += right[j] * rows[i * width + j] }
      residual += weights[i] * (y[i] - fitted) * (y[i] - fitted)
      variance += weights[i] * (y[i] - mean) * (y[i] - mean)
    }
    r2 = variance > 0 ? 1 - residual / variance : 1
  }
}
