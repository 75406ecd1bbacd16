/// A coding key of any name.
struct NameKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer where Key == NameKey {
  /// Throws if the object has members other than `names`: a misspelt option must not pass as its default.
  func checkNames(_ names: [String]) throws {
    for key in allKeys.sorted(by: { $0.stringValue < $1.stringValue }) where !names.contains(key.stringValue) {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self,
        debugDescription: "There is no '\(key.stringValue)' here; known are \(names.joined(separator: ", "))")
    }
  }

  /// Reads the member `name`, or takes `standard` where it is missing.
  func value<Value: Decodable>(_ name: String, default standard: Value) throws -> Value {
    try decodeIfPresent(Value.self, forKey: NameKey(name)) ?? standard
  }

  /// Reads the number `name`, or takes `standard` where it is missing; throws outside `limits`.
  func number(_ name: String, default standard: Double, in limits: ClosedRange<Double>) throws -> Double {
    let number = try value(name, default: standard)
    guard limits.contains(number) else {
      throw DecodingError.dataCorruptedError(
        forKey: NameKey(name), in: self,
        debugDescription: "'\(name)' is \(number), not \(limits.lowerBound) to \(limits.upperBound)")
    }
    return number
  }

  /// Reads the range `name`, two numbers, or takes `standard` where it is missing; throws outside `limits`.
  func range(
    _ name: String, default standard: ClosedRange<Double>, in limits: ClosedRange<Double>
  ) throws -> ClosedRange<Double> {
    let numbers = try value(name, default: [standard.lowerBound, standard.upperBound])
    guard numbers.count == 2, numbers[0] <= numbers[1], limits.contains(numbers[0]), limits.contains(numbers[1]) else {
      throw DecodingError.dataCorruptedError(
        forKey: NameKey(name), in: self,
        debugDescription: "'\(name)' is \(numbers), not two rising numbers within \(limits.lowerBound) to "
          + "\(limits.upperBound)")
    }
    return numbers[0]...numbers[1]
  }

  /// Reads the choice `name`, or takes `standard` where it is missing; throws with the list of choices.
  func choice<Value>(_ name: String, default standard: Value? = nil) throws -> Value
  where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    if let standard, !contains(NameKey(name)) { return standard }
    let text = try decode(String.self, forKey: NameKey(name))
    guard let value = Value(rawValue: text) else {
      throw DecodingError.dataCorruptedError(
        forKey: NameKey(name), in: self,
        debugDescription: "There is no \(name) '\(text)'; known are "
          + Value.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return value
  }
}
