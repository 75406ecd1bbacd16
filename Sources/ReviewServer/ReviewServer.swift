public import Curation
import Foundation
import Hummingbird
public import Imaging
import Logging
import NIOCore
import Synchronization

/// A local web server on which people go through the suggestions of a dataset.
///
/// It listens on loopback unless it is told another address, and then asks for a token. Every decision is in the dataset
/// file before the page is told so; several servers may work on one file.
public struct ReviewServer: Sendable {
  /// Draws where a network looks when it asks whether a face carries a label, or that label rather than another one; nil
  /// when it cannot say.
  public typealias HeatMap = @Sendable (_ face: Image, _ label: String, _ rather: String?) async throws -> Image?

  /// How a server is set up.
  public struct Options: Sendable {
    /// The address to listen on.
    public var host: String
    /// The port; 0 takes a free one.
    public var port: Int
    /// Who reviews, unless the page's address names somebody else.
    public var reviewer: String
    /// The share of decided faces that is shown to a second reviewer, from 0 to 1.
    public var secondPass: Double
    /// What requests must carry; made by chance for addresses that are not loopback.
    public var token: String?
    /// Shows why beside every face; nil without a model.
    public var heatMap: HeatMap?

    /// Creates options.
    public init(
      host: String = "127.0.0.1", port: Int = 8348, reviewer: String, secondPass: Double = 0.1, token: String? = nil,
      heatMap: HeatMap? = nil
    ) {
      self.host = host
      self.port = port
      self.reviewer = reviewer
      self.secondPass = secondPass
      self.heatMap = heatMap
      self.token = token ?? (Self.isLoopback(host) ? nil : Self.chance())
    }

    /// Whether an address is one that only this machine can reach.
    public static func isLoopback(_ host: String) -> Bool {
      host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }

    // A secret must not follow from a seed.
    private static func chance() -> String {
      var generator = SystemRandomNumberGenerator()
      return (0..<4).map { _ in String(generator.next() as UInt32, radix: 36) }.joined()
    }
  }

  private let board: ReviewBoard
  private let library: FaceLibrary
  private let name: String
  private let options: Options

  /// Reads what the pages need of a dataset.
  public init(_ store: DatasetStore, options: Options) throws {
    board = try ReviewBoard(store, secondPass: options.secondPass)
    library = try FaceLibrary(store)
    name = store.path.map { URL(fileURLWithPath: $0).lastPathComponent } ?? "dataset"
    self.options = options
  }

  /// Answers requests until the task is cancelled.
  ///
  /// - Parameter started: Told the address of the page once it can be opened.
  /// - Throws: `ReviewServerError.cannotListen`.
  public func run(started: @escaping @Sendable (String) -> Void) async throws {
    var logger = Logger(label: "review")
    // Connections that end with the server are no news.
    logger.logLevel = .critical
    let opened = Mutex(false)
    let port = Mutex(options.port)
    let router = router { port.withLock { $0 } }
    let application = Application(
      router: router,
      configuration: .init(address: .hostname(options.host, port: options.port), serverName: nil),
      onServerRunning: { channel in
        let actual = channel.localAddress?.port ?? options.port
        port.withLock { $0 = actual }
        opened.withLock { $0 = true }
        started(address(port: actual))
      }, logger: logger)
    let (board, library) = (board, library)
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await application.runService(gracefulShutdownSignals: []) }
        group.addTask(priority: .utility) {
          // Without it there are no neighbours, and everything else works.
          try? library.buildIndex { Task.isCancelled }
          // Comparing faces is one part of the work; the server is the other and ends this group.
          try await Task.sleep(for: .seconds(3_000_000))
        }
        try await group.next()
        group.cancelAll()
      }
    } catch is CancellationError {
      // The normal end.
    } catch let error where !opened.withLock({ $0 }) {
      let cause = (error as? IOError).map { String(cString: strerror($0.errnoCode)) }
      throw ReviewServerError.cannotListen(host: options.host, port: options.port, reason: cause ?? "\(error)")
    }
    try board.finish()
  }

  /// The page's address, with the token where there is one.
  private func address(port: Int) -> String {
    "http://\(Self.authority(host: options.host, port: port))/" + (options.token.map { "?token=\($0)" } ?? "")
  }

  /// Host and port as an address names them: those of IPv6 in brackets.
  static func authority(host: String, port: Int) -> String {
    (host.contains(":") ? "[\(host)]" : host) + ":\(port)"
  }

  /// All routes behind the gate.
  func router(port: @escaping @Sendable () -> Int) -> Router<BasicRequestContext> {
    let router = Router(context: BasicRequestContext.self)
    router.add(middleware: Gate(host: options.host, port: options.token == nil ? port : nil, token: options.token))
    let heat = options.heatMap.map { HeatMaps(board.store, draw: $0) }
    ReviewRoutes(board: board, library: library, heat: heat, name: name, reviewer: options.reviewer).add(to: router)
    return router
  }
}
