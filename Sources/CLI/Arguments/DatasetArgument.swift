import ArgumentParser
import Curation
import Foundation

/// The dataset that a command works on.
struct DatasetArgument: ParsableArguments {
  @Argument(help: "The dataset, a .fercure file.", completion: .file(extensions: ["fercure"]))
  var dataset: String

  /// Opens it.
  func open() throws -> DatasetStore { try DatasetStore.open(at: dataset) }

  /// The name of the file without its folder.
  var name: String { URL(fileURLWithPath: dataset).lastPathComponent }
}
