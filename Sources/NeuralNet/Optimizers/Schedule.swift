#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// How the learning rate changes from step to step, as a factor on the one that was asked for; PyTorch's semantics.
///
/// To add one: a case, its line in `all`, its sequence in `tools/golden/optimizers.py`.
public enum Schedule: Sendable, Equatable {
  /// Always 1.
  case constant
  /// Multiplied by `factor` at the start of each of these epochs, counted from 0: MultiStepLR.
  case step(epochs: [Int], factor: Float)
  /// Half a cosine from 1 to nearly 0 over the run: CosineAnnealingLR, stepped after each batch.
  case cosine
  /// Up from 1/25 to 1 in the first 30 % of the run, then down to 1/250000, both along cosines: OneCycleLR.
  case oneCycle
  /// 1 until the loss stops falling; `Plateau` counts: ReduceLROnPlateau.
  case plateau

  /// Names and summaries, for `fercure list schedules`.
  public static let all: [(name: String, summary: String)] = [
    ("constant", "The learning rate stays"),
    ("step", "Multiplied by stepFactor at the start of each of stepEpochs"),
    ("cosine", "Half a cosine from the learning rate to nearly zero"),
    ("one-cycle", "From 1/25 up to the learning rate in the first 30 % of the run, then down to nearly zero"),
    ("plateau", "Multiplied by stepFactor when the validation loss has not fallen for plateauPatience epochs"),
  ]

  /// The schedule of this name; an error lists the names there are.
  public static func named(_ name: String, stepEpochs: [Int], stepFactor: Float) throws -> Schedule {
    switch name {
    case "constant": .constant
    case "step": .step(epochs: stepEpochs, factor: stepFactor)
    case "cosine": .cosine
    case "one-cycle": .oneCycle
    case "plateau": .plateau
    default: throw NeuralNetError.unknownName(name, kind: "schedule", known: all.map(\.name))
    }
  }

  /// The factor of one step of a run.
  ///
  /// - Parameters:
  ///   - step: counted from 0.
  ///   - steps: those of the whole run.
  ///   - stepsPerEpoch: those of an epoch.
  ///   - warmup: the first steps, in which the factor rises linearly; a cosine begins after them.
  public func factor(step: Int, of steps: Int, stepsPerEpoch: Int, warmup: Int = 0) -> Float {
    if step < warmup { return Float(step + 1) / Float(warmup) }
    switch self {
    case .constant, .plateau: return 1
    case .step(let epochs, let factor): return powf(factor, Float(epochs.count { $0 * stepsPerEpoch <= step }))
    case .cosine: return Float(Self.cosine(from: 1, to: 0, at: Double(step - warmup) / Double(max(1, steps - warmup))))
    case .oneCycle:
      let (peak, end) = (0.3 * Double(steps) - 1, Double(steps - 1))
      if Double(step) <= peak { return Float(Self.cosine(from: 1 / 25, to: 1, at: Double(step) / max(1e-9, peak))) }
      return Float(Self.cosine(from: 1, to: 1 / 250_000, at: (Double(step) - peak) / (end - peak)))
    }
  }

  /// A cosine's way from one value to another; `share` of it is done.
  private static func cosine(from start: Double, to end: Double, at share: Double) -> Double {
    end + (start - end) / 2 * (1 + cos(.pi * min(1, share)))
  }
}

/// Lowers the learning rate when a loss has stopped falling: PyTorch's ReduceLROnPlateau with its thresholds.
///
/// An epoch is better when its loss is below the best by more than a ten-thousandth; after more than `patience` epochs
/// in a row that are not, the factor is multiplied and the count begins anew.
public struct Plateau: Codable, Sendable, Equatable {
  /// The product of all reductions so far.
  public private(set) var factor: Float = 1
  private var best: Double?
  private var badEpochs = 0

  /// Nothing seen yet.
  public init() {}

  /// Looks at the loss of an epoch.
  public mutating func observe(_ loss: Double, patience: Int, reduction: Float) {
    if let best, !(loss < best * (1 - 1e-4)) {
      badEpochs += 1
    } else {
      best = loss
      badEpochs = 0
    }
    guard badEpochs > patience else { return }
    factor *= reduction
    badEpochs = 0
  }
}
