import Curation
import Foundation

/// Suggestions as tasks of Label Studio, with the pictures inside and the suggested label as a prediction.
///
/// What was annotated there comes back through `fercure resolve --from`, by the `sample_id` of the data.
struct LabelStudioTasks {
  private struct Task: Encodable {
    var data: Facts
    var predictions: [Prediction]
  }

  private struct Facts: Encodable {
    var image: String
    var sampleID: String
    var givenLabel: String
    var suggestedLabel: String
    var votes: String?

    private enum CodingKeys: String, CodingKey {
      case image, votes
      case sampleID = "sample_id"
      case givenLabel = "given_label"
      case suggestedLabel = "suggested_label"
    }
  }

  private struct Prediction: Encodable {
    var modelVersion: String
    var score: Double
    var result: [Choice]

    private enum CodingKeys: String, CodingKey {
      case score, result
      case modelVersion = "model_version"
    }
  }

  private struct Choice: Encodable {
    var id = "r1"
    var fromName = "emotion"
    var toName = "image"
    var type = "choices"
    var value: [String: [String]]

    private enum CodingKeys: String, CodingKey {
      case id, type, value
      case fromName = "from_name"
      case toName = "to_name"
    }
  }

  /// The array of tasks.
  static func json(
    _ board: ReviewBoard, library: FaceLibrary, query: QueueQuery, reviewer: String, limit: Int
  ) throws -> [UInt8] {
    let tasks = try board.queue(query, reviewer: reviewer).entries.prefix(limit).map { entry in
      let votes = try board.store.votes(of: entry.sample)?.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      return Task(
        data: Facts(
          image: "data:image/png;base64," + Data(try library.png(of: entry.sample)).base64EncodedString(),
          sampleID: entry.key, givenLabel: entry.from, suggestedLabel: entry.target,
          votes: votes.map { $0.map { "\($0.key) \($0.value)" }.joined(separator: ", ") }),
        predictions: [
          Prediction(
            modelVersion: "fercure-\(ToolVersion.current)", score: entry.confidence,
            result: [Choice(value: ["choices": [entry.target]])])
        ])
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(tasks))
  }

  /// The labelling interface that belongs to the tasks.
  static func configuration(classes: [String]) -> String {
    let choices = (classes + [Review.notAFace]).enumerated().map { position, name in
      let key = position < 9 ? " hotkey=\"\(position + 1)\"" : ""
      return "    <Choice value=\"\(HTMLText.escaped(name))\"\(key)/>"
    }
    return """
      <View>
        <Image name="image" value="$image" width="384px"/>
        <Header value="given: $given_label, suggested: $suggested_label"/>
        <Choices name="emotion" toName="image" choice="multiple" required="true">
      \(choices.joined(separator: "\n"))
        </Choices>
      </View>

      """
  }
}
