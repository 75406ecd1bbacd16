public import Foundation
public import NeuralNet

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Reads and writes the safetensors format: an 8-byte little-endian header length, a JSON header, the tensors' bytes.
///
/// Tensors are 32-bit floats (`F32`); reading also takes `F16`, `BF16`, `F64` and `I64`, which PyTorch models have.
/// Source: the format description of huggingface/safetensors.
public enum Safetensors {
  /// What a file holds.
  public struct Contents: Equatable {
    /// The tensors in the order of their bytes.
    public var tensors: [NamedTensor]
    /// Free text by name.
    public var metadata: [String: String]

    /// Creates contents.
    public init(tensors: [NamedTensor], metadata: [String: String] = [:]) {
      self.tensors = tensors
      self.metadata = metadata
    }
  }

  /// Writes a file by way of `NAME.partial`, so that a killed run never leaves half a file, nor more than that one;
  /// what cannot be written leaves nothing.
  public static func write(_ contents: Contents, to url: URL) throws {
    let path = url.path(percentEncoded: false)
    let partial = path + ".partial"
    do {
      try encode(contents).write(to: URL(filePath: partial))
    } catch {
      unlink(partial)
      throw TrainingError.file(path, reason: "cannot be written (\(error.localizedDescription))")
    }
    guard rename(partial, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(partial)
      throw TrainingError.file(path, reason: "cannot be written (\(reason))")
    }
  }

  /// Reads a file.
  public static func read(_ url: URL) throws -> Contents {
    let path = url.path(percentEncoded: false)
    guard let data = try? Data(contentsOf: url, options: .mappedIfSafe) else {
      throw TrainingError.file(path, reason: "cannot be read")
    }
    return try decode(data, path: path)
  }

  /// The bytes of a file with these contents; the same contents give the same bytes.
  static func encode(_ contents: Contents) throws -> Data {
    var header: [String: Any] = ["__metadata__": contents.metadata]
    var offset = 0
    for tensor in contents.tensors {
      let byteCount = tensor.values.count * MemoryLayout<Float>.stride
      header[tensor.name] = [
        "dtype": "F32", "shape": tensor.shape, "data_offsets": [offset, offset + byteCount],
      ]
      offset += byteCount
    }
    var json = try JSONSerialization.data(withJSONObject: header, options: [.sortedKeys, .withoutEscapingSlashes])
    // The tensors start at a multiple of eight bytes.
    json.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - json.count % 8) % 8))
    var data = Data(capacity: 8 + json.count + offset)
    withUnsafeBytes(of: UInt64(json.count).littleEndian) { data.append(contentsOf: $0) }
    data.append(json)
    for tensor in contents.tensors { tensor.values.withUnsafeBytes { data.append(contentsOf: $0) } }
    return data
  }

  /// The contents of a file's bytes; `path` only names it in errors.
  static func decode(_ data: Data, path: String) throws -> Contents {
    func invalid(_ reason: String) -> TrainingError { .notSafetensors(path, reason: reason) }
    guard data.count >= 8 else { throw invalid("it has \(data.count) bytes") }
    let length = data.prefix(8).enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * UInt64($1.offset)) }
    guard length <= UInt64(data.count - 8) else { throw invalid("its header is longer than the file") }
    let start = data.startIndex + 8
    let headerEnd = start + Int(length)
    guard let header = try? JSONSerialization.jsonObject(with: data[start..<headerEnd]) as? [String: Any] else {
      throw invalid("its header is not JSON")
    }
    var placed: [(start: Int, tensor: NamedTensor)] = []
    for (name, entry) in header where name != "__metadata__" {
      guard let entry = entry as? [String: Any], let type = entry["dtype"] as? String,
        let shape = entry["shape"] as? [Int], let offsets = entry["data_offsets"] as? [Int], offsets.count == 2,
        offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= data.endIndex - headerEnd,
        let count = valueCount(shape)
      else { throw invalid("its entry \(name) makes no sense") }
      let bytes = data[(headerEnd + offsets[0])..<(headerEnd + offsets[1])]
      guard let values = floats(bytes, type: type) else { throw invalid("tensor \(name) has the type \(type)") }
      guard values.count == count else { throw invalid("tensor \(name) has not as many values as its shape says") }
      placed.append((offsets[0], NamedTensor(name: name, shape: shape, values: values)))
    }
    let metadata = header["__metadata__"] as? [String: String] ?? [:]
    placed.sort { ($0.start, $0.tensor.name) < ($1.start, $1.tensor.name) }
    return Contents(tensors: placed.map(\.tensor), metadata: metadata)
  }

  /// How many values a tensor of this shape has; nil when there is no such shape.
  private static func valueCount(_ shape: [Int]) -> Int? {
    var count = 1
    for side in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: side)
      guard side >= 0, !overflow else { return nil }
      count = product
    }
    return count
  }

  private static func floats(_ bytes: Data, type: String) -> [Float]? {
    func load<Value>(_ type: Value.Type) -> [Value] {
      let stride = MemoryLayout<Value>.stride
      return bytes.withUnsafeBytes { raw in
        (0..<raw.count / stride).map { raw.loadUnaligned(fromByteOffset: $0 * stride, as: type) }
      }
    }
    switch type {
    case "F32": return load(Float.self)
    case "F64": return load(Double.self).map { Float($0) }
    case "I64": return load(Int64.self).map { Float($0) }
    case "F16": return load(UInt16.self).map(halfToFloat)
    case "BF16": return load(UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
    default: return nil
    }
  }

  private static func halfToFloat(_ bits: UInt16) -> Float {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 0x1f)
    let fraction = Float(bits & 0x3ff)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
    }
  }
}
