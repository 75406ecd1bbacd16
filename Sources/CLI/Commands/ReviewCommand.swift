import ArgumentParser
import Curation
import Foundation
import ReviewServer

/// `fercure review`: people go through the suggestions in a browser.
struct ReviewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review", abstract: "Opens a local page on which people decide about suggestions, keyboard first.",
    discussion: """
      Every decision is in the dataset file before the page says so. The page is reachable from this machine only, \
      unless --host names another address; then it asks for a token. With --to the queue is written as a file instead: \
      .html for somebody without fercure, .json as tasks of Label Studio, .csv with the decisions so far.
      """)

  @OptionGroup var dataset: DatasetArgument

  @Option(help: ArgumentHelp("The port; 0 takes a free one.", valueName: "p"))
  var port: Int = 8348

  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  @Option(help: ArgumentHelp("Who reviews; the user's name unless given.", valueName: "name"))
  var reviewer: String?

  @Option(help: ArgumentHelp("The share of decided faces that is shown to a second person.", valueName: "share"))
  var secondPass = 0.1

  @Option(
    help: ArgumentHelp("Show beside each face where this model looks (Score-CAM).", valueName: "model"),
    completion: .file(extensions: ["safetensors"]))
  var model: String?

  @Option(help: ArgumentHelp("Write a file: .html, .json or .csv.", valueName: "file"))
  var to: String?

  @Option(help: ArgumentHelp("With --to: so many faces at most.", valueName: "n"))
  var limit: Int?

  @Option(help: ArgumentHelp("With --to: only suggestions with at least this confidence, 0 ... 1.", valueName: "c"))
  var minConfidence = 0.0

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (0...65_535).contains(port) else { throw ValidationError("--port is a number from 0 to 65535, not \(port).") }
    for (name, value) in [("--second-pass", secondPass), ("--min-confidence", minConfidence)]
    where !(0...1).contains(value) {
      throw ValidationError("\(name) is a number from 0 to 1, not \(value).")
    }
    if let limit, limit < 1 { throw ValidationError("--limit is at least 1.") }
    if limit != nil && to == nil { throw ValidationError("--limit goes with --to.") }
    if let to, !["html", "json", "csv"].contains(URL(fileURLWithPath: to).pathExtension) {
      throw ValidationError("--to names a file that ends with .html, .json or .csv.")
    }
  }

  func run() async throws {
    let store = try dataset.open()
    guard try store.lastSuggestingAudit() != nil else {
      throw ReviewServerError.noSuggestions(dataset: dataset.dataset)
    }
    let reviewer = try ReviewerName.checked(reviewer ?? NSUserName())
    if let to { return try write(store, to: to, reviewer: reviewer) }
    var heatMap: ReviewServer.HeatMap?
    if let model { heatMap = try await ReviewHeatMaps(modelAt: model, classes: store.classes()).drawing }
    let server = try ReviewServer(
      store,
      options: ReviewServer.Options(
        host: host, port: port, reviewer: reviewer, secondPass: secondPass, heatMap: heatMap))
    let (console, json) = (common.console, common.json)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await server.run { address in
          if json { try? console.json(["address": address]) } else { console.result(address) }
          console.note("every decision is saved at once; Ctrl-C ends")
        }
      }
      group.addTask {
        while !Interrupt.isRequested { try await Task.sleep(for: .milliseconds(100)) }
      }
      try await group.next()
      group.cancelAll()
      try await group.waitForAll()
    }
  }

  private struct Written: Encodable {
    var path: String
    var bytes: Int
  }

  private func write(_ store: DatasetStore, to path: String, reviewer: String) throws {
    let file = try ResultFile(path)
    let files = try ReviewFiles(store, reviewer: reviewer)
    let url = URL(fileURLWithPath: path)
    let bytes: [UInt8]
    switch url.pathExtension {
    case "html": bytes = try files.offlineQueue(limit: limit, minimumConfidence: minConfidence)
    case "json": bytes = try files.labelStudioTasks(limit: limit, minimumConfidence: minConfidence)
    default: bytes = Array(try DecisionExport(store).csv.utf8)
    }
    try file.write(Data(bytes))
    if url.pathExtension == "json" {
      let interface = url.deletingPathExtension().appendingPathExtension("xml")
      try ResultFile(interface.path).write(files.labelStudioConfiguration())
    }
    try common.print(
      Written(path: path, bytes: bytes.count), text: "\(path)  \(Numbers.count(bytes.count, "byte"))")
  }
}
