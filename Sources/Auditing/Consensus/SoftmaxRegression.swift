#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Multinomial logistic regression with an L2 penalty, fitted to distributions by L-BFGS.
///
/// P(k | x) is proportional to exp(w_k x); the penalty pulls the weights towards `prior`, so that few examples change
/// little. All arithmetic is 64-bit and deterministic.
struct SoftmaxRegression: Sendable, Equatable {
  /// [C, F].
  private(set) var weights: [Double]
  let classes: Int
  let features: Int

  /// Fits the weights.
  ///
  /// - Parameters:
  ///   - inputs: [N, F] row by row.
  ///   - targets: [N, C], rows sum to 1.
  ///   - prior: [C, F], where the weights start and are pulled to.
  ///   - penalty: half of it times the squared distance from the prior is added to the summed loss.
  init(inputs: [Double], targets: [Double], classes: Int, prior: [Double], penalty: Double, iterations: Int = 200) {
    self.classes = classes
    features = prior.count / max(1, classes)
    weights = prior
    let count = targets.count / max(1, classes)
    guard count > 0 else { return }
    let features = features
    weights = LBFGS.minimise(from: prior, iterations: iterations) { w, gradient in
      var loss = 0.0
      var z = [Double](repeating: 0, count: classes)
      inputs.withUnsafeBufferPointer { x in
        targets.withUnsafeBufferPointer { t in
          for row in 0..<count {
            Self.scores(x, row * features, w, features, into: &z)
            let largest = z.max() ?? 0
            var sum = 0.0
            for k in 0..<classes { sum += exp(z[k] - largest) }
            let logSum = log(sum) + largest
            for k in 0..<classes {
              let target = t[row * classes + k]
              loss -= target * (z[k] - logSum)
              let slope = exp(z[k] - logSum) - target
              for f in 0..<features { gradient[k * features + f] += slope * x[row * features + f] }
            }
          }
        }
      }
      for i in w.indices {
        let distance = w[i] - prior[i]
        loss += penalty / 2 * distance * distance
        gradient[i] += penalty * distance
      }
      return loss
    }
  }

  /// The distribution for one row of features.
  func callAsFunction(_ input: [Double]) -> [Double] {
    var z = [Double](repeating: 0, count: classes)
    input.withUnsafeBufferPointer { Self.scores($0, 0, weights, features, into: &z) }
    return softmax(z)
  }

  private static func scores(
    _ x: UnsafeBufferPointer<Double>, _ start: Int, _ w: [Double], _ features: Int, into z: inout [Double]
  ) {
    w.withUnsafeBufferPointer { w in
      for k in z.indices {
        var sum = 0.0
        for f in 0..<features { sum += w[k * features + f] * x[start + f] }
        z[k] = sum
      }
    }
  }
}

/// Minimises a smooth function by limited-memory BFGS with backtracking.
///
/// Source: Nocedal and Wright 2006, chapter 7.
enum LBFGS {
  /// - Parameters:
  ///   - start: where to begin.
  ///   - memory: how many steps the curvature is remembered from.
  ///   - value: gives the value and adds the gradient to zeros.
  static func minimise(
    from start: [Double], iterations: Int, memory: Int = 10, tolerance: Double = 1e-9,
    _ value: (_ x: [Double], _ gradient: inout [Double]) -> Double
  ) -> [Double] {
    var x = start
    var gradient = [Double](repeating: 0, count: x.count)
    var current = value(x, &gradient)
    var pairs: [(step: [Double], change: [Double], scale: Double)] = []
    for _ in 0..<iterations {
      var direction = direction(gradient, pairs)
      var slope = dot(direction, gradient)
      if slope >= 0 {
        direction = gradient.map { -$0 }
        slope = -dot(gradient, gradient)
        pairs = []
      }
      guard slope < -1e-14 else { break }
      // The first direction is a raw gradient, as long as there are many samples.
      var length = pairs.isEmpty ? min(1, 1 / (-slope).squareRoot()) : 1.0
      var next = x
      var nextGradient = gradient
      var nextValue = Double.infinity
      for _ in 0..<40 {
        next = zip(x, direction).map { $0 + length * $1 }
        nextGradient = [Double](repeating: 0, count: x.count)
        nextValue = value(next, &nextGradient)
        if nextValue <= current + 1e-4 * length * slope { break }
        length /= 2
      }
      guard nextValue < current else { break }
      let step = zip(next, x).map { $0 - $1 }
      let change = zip(nextGradient, gradient).map { $0 - $1 }
      let curvature = dot(step, change)
      if curvature > 1e-12 {
        pairs.append((step, change, 1 / curvature))
        if pairs.count > memory { pairs.removeFirst() }
      }
      let gain = current - nextValue
      (x, gradient, current) = (next, nextGradient, nextValue)
      if gain < tolerance * max(1, abs(current)) { break }
    }
    return x
  }

  private static func direction(
    _ gradient: [Double], _ pairs: [(step: [Double], change: [Double], scale: Double)]
  ) -> [Double] {
    var q = gradient
    var alphas: [Double] = []
    for pair in pairs.reversed() {
      let alpha = pair.scale * dot(pair.step, q)
      alphas.append(alpha)
      for i in q.indices { q[i] -= alpha * pair.change[i] }
    }
    if let last = pairs.last {
      let scale = 1 / (last.scale * dot(last.change, last.change))
      for i in q.indices { q[i] *= scale }
    }
    for (pair, alpha) in zip(pairs, alphas.reversed()) {
      let beta = pair.scale * dot(pair.change, q)
      for i in q.indices { q[i] += (alpha - beta) * pair.step[i] }
    }
    return q.map { -$0 }
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }
}
