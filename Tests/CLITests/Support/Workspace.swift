import Foundation
import Imaging

/// A temporary folder in which the built `fercure` is run; it goes when the value goes.
final class Workspace: Sendable {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "fercure-cli-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// A workspace with `faces.csv` and `d.fercure`, the dataset of it: every class in every split, 35 samples.
  static func ingested() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write(TestFiles.csv(), to: "faces.csv")
    _ = try workspace.fercure("ingest", "faces.csv", "--into", "d.fercure")
    return workspace
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// What a run wrote and how it ended.
  struct Run {
    var status: Int32
    var output: String
    var errors: String

    /// The `error:` line without its prefix; nil when there is not exactly one.
    var errorLine: String? {
      let lines = errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }
      return lines.count == 1 ? lines.first.map { String($0.dropFirst("error: ".count)) } : nil
    }

    /// The `warning:` lines without their prefix.
    var warnings: [String] {
      errors.split(separator: "\n").filter { $0.hasPrefix("warning: ") }
        .map { String($0.dropFirst("warning: ".count)) }
    }

    /// The document on stdout.
    func json() throws -> [String: Any] {
      try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
    }
  }

  /// The executable could not be found beside the tests.
  struct NoExecutable: Error, CustomStringConvertible {
    var searched: [String]
    var description: String { "no fercure in \(searched.joined(separator: ", ")): build the whole package first" }
  }

  /// Runs `fercure` in the folder and waits for its end.
  func fercure(_ arguments: String..., input: String? = nil) throws -> Run {
    try start(arguments, input: input).wait()
  }

  /// Runs `fercure` and ends it by kill -9 so many seconds after it has written a file anew; the status is then 137.
  ///
  /// A shell waits for that: other tests may keep this process from looking for longer than the run takes.
  func killed(_ arguments: [String], afterWriting file: String, seconds: Double) throws -> Run {
    let script = """
      file=$1; seconds=$2; shift 2; cp "$file" "$file.before" 2>/dev/null
      "$@" & run=$!
      for look in $(seq 6000); do
        if [ -e "$file" ] && ! cmp -s "$file" "$file.before"; then break; fi
        sleep 0.005
      done
      sleep "$seconds"; kill -9 $run; wait $run
      """
    let path = try Self.executable().path
    return try start(
      ["-c", script, "sh", file, "\(seconds)", path] + arguments, executable: URL(fileURLWithPath: "/bin/sh")
    ).wait()
  }

  /// Starts `fercure`, or another program, in the folder.
  func start(_ arguments: [String], input: String? = nil, executable: URL? = nil) throws -> Running {
    // Files in place of pipes: no reader has to keep up, whatever is written.
    let streams = folder.appending(path: ".streams-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: streams, withIntermediateDirectories: true)
    for (name, text) in [("in", input ?? ""), ("out", ""), ("err", "")] {
      try Data(text.utf8).write(to: streams.appending(path: name))
    }
    let process = Process()
    process.executableURL = try executable ?? Self.executable()
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C.UTF-8"]) { $1 }
    process.standardInput = try FileHandle(forReadingFrom: streams.appending(path: "in"))
    process.standardOutput = try FileHandle(forWritingTo: streams.appending(path: "out"))
    process.standardError = try FileHandle(forWritingTo: streams.appending(path: "err"))
    try process.run()
    return Running(process: process, streams: streams)
  }

  /// A run that has not ended yet.
  struct Running {
    let process: Process
    let streams: URL

    /// Waits for the end.
    func wait() throws -> Run {
      process.waitUntilExit()
      func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: streams.appending(path: name)), as: UTF8.self)
      }
      defer { try? FileManager.default.removeItem(at: streams) }
      return Run(status: process.terminationStatus, output: try text("out"), errors: try text("err"))
    }
  }

  /// Writes a file into the folder.
  func write(_ text: String, to path: String) throws { try write(Data(text.utf8), to: path) }

  /// Writes a file into the folder.
  func write(_ data: Data, to path: String) throws {
    let url = folder.appending(path: path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url)
  }

  /// Reads a file of the folder.
  func text(of path: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appending(path: path)), as: UTF8.self)
  }

  /// Whether there is a file or folder.
  func has(_ path: String) -> Bool { FileManager.default.fileExists(atPath: folder.appending(path: path).path) }

  /// The built executable: it lies beside the bundle of the tests.
  static func executable() throws -> URL {
    let bundles = Bundle.allBundles.filter { $0.bundlePath.hasSuffix(".xctest") }.map(\.bundleURL)
    let places =
      bundles.map { $0.deletingLastPathComponent() }
      + [Bundle.main.bundleURL, URL(fileURLWithPath: CommandLine.arguments.first ?? "").deletingLastPathComponent()]
    for place in places {
      let candidate = place.appending(path: "fercure")
      if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
    }
    throw NoExecutable(searched: places.map(\.path))
  }
}
