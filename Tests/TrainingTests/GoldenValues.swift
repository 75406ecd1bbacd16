import Foundation
import Testing

/// Expects single-precision values to be a golden file's.
func expectClose(_ values: [Float], _ golden: [Float]) {
  #expect(values.count == golden.count)
  for (a, b) in zip(values, golden) { #expect(abs(a - b) < 1e-6 + 1e-5 * abs(b)) }
}

/// Decodes the golden file of the losses.
func goldenLosses<File: Decodable>(_ type: File.Type) throws -> File {
  let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "NeuralNetTests/Fixtures/losses.json")
  return try JSONDecoder().decode(type, from: Data(contentsOf: url))
}
