/// How far a head is turned away from the camera, in degrees.
public struct HeadPose: Sendable, Hashable {
  /// To the side; positive is towards the right of the picture.
  public var turn: Float
  /// Down when positive, up when negative.
  public var nod: Float
  /// On a shoulder, in the plane of the picture; positive is towards the left of the picture.
  public var lean: Float

  /// Creates a pose.
  public init(turn: Float, nod: Float, lean: Float) {
    self.turn = turn
    self.nod = nod
    self.lean = lean
  }

  /// All of it as one angle.
  public var angle: Double { Double(turn * turn + nod * nod + lean * lean).squareRoot() }
}

extension HeadPose: CustomStringConvertible {
  /// Whatever is more than 10 degrees: "turned 35° to the left, 15° down".
  public var description: String {
    func degrees(_ angle: Float) -> String { "\(Int(abs(angle).rounded()))°" }
    var parts: [String] = []
    if abs(turn) > 10 { parts.append("turned \(degrees(turn)) to the \(turn > 0 ? "right" : "left")") }
    if abs(nod) > 10 { parts.append("\(degrees(nod)) \(nod > 0 ? "down" : "up")") }
    if abs(lean) > 10 { parts.append("leaning \(degrees(lean)) to the \(lean > 0 ? "left" : "right")") }
    return parts.isEmpty ? "nearly frontal" : parts.joined(separator: ", ")
  }
}
