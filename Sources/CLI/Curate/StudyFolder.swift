import Foundation

/// Where studies of a dataset keep what a stopped one goes on from: a folder beside it, a part for each study.
struct StudyFolder {
  private let url: URL

  /// The folder of a dataset file.
  init(_ dataset: String) { url = URL(fileURLWithPath: dataset + ".study") }

  /// The part of one study, or a part of that.
  func part(_ name: String) -> URL { url.appending(path: name) }

  /// Removes the part of a finished study, and the folder with the last of them.
  func remove(_ name: String) {
    try? FileManager.default.removeItem(at: part(name))
    // It fails on a folder that is not empty.
    rmdir(url.path)
  }
}
