public import Imaging

/// Makes a number of varied copies of every training sample, whatever its class.
public struct Augmenter: Sendable, Codable, Hashable {
  /// How many copies of each training sample.
  public var copies: Int
  /// The seed that all copies follow from.
  public var seed: UInt64

  /// Creates an augmenter.
  public init(copies: Int = 1, seed: UInt64 = 0) {
    self.copies = copies
    self.seed = seed
  }

  /// Works out the copies; no two copies of a picture are made in the same way.
  ///
  /// Validation and test are never touched, and derived samples are not copied again.
  /// - Parameters:
  ///   - samples: the samples of the dataset, excluded ones left out.
  ///   - augmentation: how copies differ from their parents.
  ///   - present: how the copies that are there already were made: none is made like them.
  /// - Returns: the copies, in the order of their parents.
  /// - Throws: `BalanceError.badCopies`, `.tooFewVariants`.
  public func derivations(
    of samples: [Sample], augmentation: any Augmentation = Compose.standard, present: [Derivation] = []
  ) throws -> [PlannedDerivation] {
    guard copies > 0 else { throw BalanceError.badCopies(copies) }
    var maker = CopyMaker(augmentation, seed: seed, purpose: "augment", samples: samples, present: present)
    let parents = samples.filter { $0.split == .train && !$0.excluded && $0.encoding != .derived }
    return try parents.flatMap { parent in
      try (1...copies).map { _ in try maker.nextCopy(of: parent) }
    }
  }

  /// Draws copies again whose pictures are there already.
  public func redraw(
    _ planned: [PlannedDerivation], of samples: [Sample], augmentation: any Augmentation = Compose.standard
  ) -> CopyRedraw {
    CopyRedraw(planned, augmentation: augmentation, seed: seed, purpose: "augment", samples: samples)
  }
}
