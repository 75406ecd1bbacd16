/// A tensor inside a network, copied out row-major for the caller.
struct Exposure {
  /// The values, after the forward pass.
  let value: Value
  /// What the caller adds to the loss's derivative by the tensor; nil without a backward pass.
  let seed: Value?
  /// The loss's whole derivative by the tensor, after the backward pass; nil for the outputs, whose seed it is.
  let gradient: Value?
}

extension GraphBuilder {
  /// Copies a tensor out under a name that the steps show, and lets the caller say what the loss's derivative by it is.
  ///
  /// - Parameter readsGradient: also copy the whole derivative out, what later layers say about it included. Readers that
  ///   are added later count: backward steps are added in reverse.
  func expose(_ value: Value, as name: String, readsGradient: Bool = false) throws -> Exposure {
    let plain = Descriptor(value.shape)
    let result = try persistent(plain)
    let copy = try reorderPrimitive(from: value, to: result)
    add(name, reads: [value], writes: []) { try copy.run() }
    guard hasBackward, value.needsGradient else { return Exposure(value: result, seed: nil, gradient: nil) }

    let seed = try persistent(plain)
    let whole = readsGradient ? try persistent(plain) : nil
    if let whole {
      onBackward(of: value) { [unowned self] gradient in
        let copy = try reorderPrimitive(from: gradient, to: whole)
        add("gradient of \(name)", reads: [gradient], writes: []) { try copy.run() }
      }
    }
    let placed = try Value(value.descriptor)
    let place = try reorderPrimitive(from: seed, to: placed)
    onBackward(of: result) { [unowned self] _ in
      add("seed of \(name)", reads: [], writes: [placed]) { try place.run() }
      addGradient(placed, to: value)
    }
    // The seed itself stands for the loss's derivative by the copy.
    addGradient(seed, to: result)
    return Exposure(value: result, seed: seed, gradient: whole)
  }
}
