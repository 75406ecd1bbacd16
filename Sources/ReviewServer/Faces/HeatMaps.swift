import Curation
import Imaging
import Synchronization

/// The maps that tell why, drawn when they are asked for, and the last ones kept.
final class HeatMaps: Sendable {
  /// Maps kept in memory.
  static let kept = 200

  private let store: DatasetStore
  private let draw: ReviewServer.HeatMap
  private let drawn = Mutex<(order: [String], maps: [String: [UInt8]])>(([], [:]))

  init(_ store: DatasetStore, draw: @escaping ReviewServer.HeatMap) {
    self.store = store
    self.draw = draw
  }

  /// The map of a face for a label, or for it rather than another one, as PNG; nil when there is none.
  func png(of sample: Int64, label: String, rather: String? = nil) async throws -> [UInt8]? {
    let name = "\(sample) \(label) \(rather ?? "")"
    if let map = drawn.withLock({ $0.maps[name] }) { return map }
    guard let image = try await draw(store.image(of: store.sample(id: sample)), label, rather) else { return nil }
    let map = try PNGCodec.encode(image)
    drawn.withLock { drawn in
      guard drawn.maps.updateValue(map, forKey: name) == nil else { return }
      drawn.order.append(name)
      if drawn.order.count > Self.kept { drawn.maps[drawn.order.removeFirst()] = nil }
    }
    return map
  }
}
