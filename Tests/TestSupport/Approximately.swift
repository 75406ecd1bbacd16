public import Testing

/// Compares numbers with golden ones: as many of them, then `|a - b| <= absolute + relative * |b|` for each.
///
/// The first number that is too far off, and the worst one, are named.
public func expectApproximatelyEqual<T: BinaryFloatingPoint>(
  _ actual: [T], _ expected: [T], absolute: Double = 1e-6, relative: Double = 1e-5, _ comment: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let difference = difference(actual, expected, absolute: absolute, relative: relative) else { return }
  let text = comment.isEmpty ? difference : "\(comment): \(difference)"
  Issue.record(Comment(rawValue: text), sourceLocation: sourceLocation)
}

/// What keeps `actual` from being approximately `expected`; nil when it is.
public func difference<T: BinaryFloatingPoint>(
  _ actual: [T], _ expected: [T], absolute: Double, relative: Double
) -> String? {
  guard actual.count == expected.count else { return "\(actual.count) values, expected \(expected.count)" }
  var first: Int?
  var worst = 0
  var worstExcess = 0.0
  var wrong = 0
  for index in actual.indices {
    let a = Double(actual[index])
    let b = Double(expected[index])
    let excess = abs(a - b) - (absolute + relative * abs(b))
    // Written so that NaN is wrong, wherever it stands.
    guard !(excess <= 0), a != b else { continue }
    wrong += 1
    first = first ?? index
    if !(excess <= worstExcess) { (worst, worstExcess) = (index, excess) }
  }
  guard let first else { return nil }
  return "\(wrong) of \(actual.count) values are off, first [\(first)] \(actual[first]), expected \(expected[first]); "
    + "worst [\(worst)] \(actual[worst]), expected \(expected[worst])"
}
