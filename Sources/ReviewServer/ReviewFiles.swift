public import Curation
import Foundation

/// What reviewers take along: a queue for the browser or for Label Studio, the decisions so far.
public struct ReviewFiles {
  private let board: ReviewBoard
  private let library: FaceLibrary
  private let name: String
  private let reviewer: String

  /// Reads what the files need of a dataset.
  public init(_ store: DatasetStore, reviewer: String) throws {
    board = try ReviewBoard(store)
    library = try FaceLibrary(store)
    name = store.path.map { URL(fileURLWithPath: $0).lastPathComponent } ?? "dataset"
    self.reviewer = reviewer
  }

  /// The open suggestions as one HTML file with everything inside.
  public func offlineQueue(limit: Int? = nil, minimumConfidence: Double = 0) throws -> [UInt8] {
    try library.buildIndex()
    return try OfflineQueue.page(
      board, library: library, query: query(minimumConfidence), reviewer: reviewer, name: name,
      limit: limit ?? OfflineQueue.usualFaces)
  }

  /// The open suggestions as tasks of Label Studio.
  public func labelStudioTasks(limit: Int? = nil, minimumConfidence: Double = 0) throws -> [UInt8] {
    try LabelStudioTasks.json(
      board, library: library, query: query(minimumConfidence), reviewer: reviewer, limit: limit ?? .max)
  }

  /// The labelling interface that Label Studio needs beside its tasks.
  public func labelStudioConfiguration() -> String { LabelStudioTasks.configuration(classes: board.classes) }

  /// How many suggestions wait for a decision.
  public func openSuggestions() throws -> Int { try board.figures(reviewer: reviewer).open }

  private func query(_ minimumConfidence: Double) -> QueueQuery {
    var query = QueueQuery()
    query.confidence = minimumConfidence...1
    return query
  }
}
