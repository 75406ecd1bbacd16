#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// How the learning rate changes from epoch to epoch, as a factor on the first one.
public enum Schedule: Sendable, Equatable {
  /// Always 1.
  case constant
  /// Multiplied by `factor` at the start of each of these epochs, counted from 0.
  case step(epochs: [Int], factor: Float)
  /// Half a cosine from 1 to nearly 0 over the whole run (Loshchilov and Hutter 2017), stepwise within epochs.
  case cosine

  /// The factor at a point of the run, `epoch` counted in epochs and fractions of them.
  public func factor(epoch: Double, of epochs: Int) -> Float {
    switch self {
    case .constant: 1
    case .step(let starts, let factor): powf(factor, Float(starts.count { Double($0) <= epoch }))
    case .cosine: Float(0.5 * (1 + cos(.pi * min(1, epoch / Double(max(1, epochs))))))
    }
  }
}
