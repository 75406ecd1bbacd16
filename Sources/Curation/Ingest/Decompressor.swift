import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A running `xz -dc` or `gzip -dc` whose output is read through a pipe.
final class Decompressor {
  /// The end of the pipe to read from.
  let output: FileHandle
  private let process = Process()
  private let errors = Pipe()
  private let name: String
  private let tool: String

  /// The program for a file that begins with these bytes; nil when it is not compressed.
  static func tool(for start: [UInt8]) -> String? {
    if start.starts(with: [0x1f, 0x8b]) { return "gzip" }
    if start.starts(with: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]) { return "xz" }
    return nil
  }

  init(tool: String, path: String, name: String) throws {
    self.name = name
    self.tool = tool
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    guard
      let program = folders.map({ "\($0)/\(tool)" }).first(where: FileManager.default.isExecutableFile(atPath:))
    else { throw CurationError.decompressorMissing(tool, file: name) }
    let pipe = Pipe()
    output = pipe.fileHandleForReading
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = ["-dc", "--", path]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = errors
    do {
      try process.run()
    } catch {
      throw CurationError.decompressionFailed(name, message: error.localizedDescription)
    }
    // Our copy of the writing end, which would keep the pipe from ever ending.
    try? pipe.fileHandleForWriting.close()
  }

  /// Called at the end of the output: throws what the program complained about.
  func finish() throws {
    let complaint = (try? errors.fileHandleForReading.readToEnd()) ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus != 0 else { return }
    // xz names itself by its path, gzip by its name.
    let text = String(decoding: complaint, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
      .replacingOccurrences(of: "\(process.executableURL?.path ?? tool): ", with: "\(tool): ")
    throw CurationError.decompressionFailed(
      name, message: text.isEmpty ? "exit status \(process.terminationStatus)" : text)
  }

  /// Ends the program when its output is no longer wanted.
  func stop() {
    // It may have inherited that other signals are blocked.
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }
}
