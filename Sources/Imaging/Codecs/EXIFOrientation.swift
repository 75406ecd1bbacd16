/// How the rows and columns of a stored picture must be rearranged to stand upright (EXIF 2.32, tag 0x0112).
enum EXIFOrientation: Int {
  case upright = 1
  case mirrored = 2
  case upsideDown = 3
  case mirroredUpsideDown = 4
  case mirroredQuarterTurn = 5
  case needsQuarterTurnClockwise = 6
  case mirroredThreeQuarterTurn = 7
  case needsQuarterTurnCounterclockwise = 8

  /// Finds the orientation in a JPEG file; `upright` when there is none or the EXIF data make no sense.
  init(jpeg bytes: UnsafeRawBufferPointer) {
    self = .upright
    var offset = 2
    while offset + 4 <= bytes.count, bytes[offset] == 0xFF {
      let marker = bytes[offset + 1]
      // Fill bytes may stand before a mark.
      if marker == 0xFF {
        offset += 1
        continue
      }
      // The picture data begin: nothing of interest follows.
      if marker == 0xDA || marker == 0xD9 { return }
      let length = Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3])
      let end = offset + 2 + length
      guard length >= 2, end <= bytes.count else { return }
      if marker == 0xE1 {
        let segment = UnsafeRawBufferPointer(rebasing: bytes[offset + 4..<end])
        if segment.count >= 14, segment.prefix(6).elementsEqual("Exif\0\0".utf8) {
          self = EXIFOrientation(tiff: UnsafeRawBufferPointer(rebasing: segment[6...])) ?? .upright
          return
        }
      }
      offset = end
    }
  }

  /// Reads the first directory of a TIFF header, at least 8 bytes long.
  private init?(tiff: UnsafeRawBufferPointer) {
    let isLittleEndian: Bool
    switch (tiff[0], tiff[1]) {
    case (0x49, 0x49): isLittleEndian = true
    case (0x4D, 0x4D): isLittleEndian = false
    default: return nil
    }
    func short(_ offset: Int) -> Int {
      let value = tiff.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
      return Int(isLittleEndian ? UInt16(littleEndian: value) : UInt16(bigEndian: value))
    }
    func long(_ offset: Int) -> Int {
      let value = tiff.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
      return Int(isLittleEndian ? UInt32(littleEndian: value) : UInt32(bigEndian: value))
    }
    let directory = long(4)
    guard short(2) == 42, directory + 2 <= tiff.count else { return nil }
    for entry in 0..<short(directory) {
      let offset = directory + 2 + entry * 12
      guard offset + 12 <= tiff.count else { return nil }
      guard short(offset) == 0x0112 else { continue }
      // The standard wants a short; some writers use a long.
      let value = short(offset + 2) == 4 ? long(offset + 8) : short(offset + 8)
      guard let orientation = EXIFOrientation(rawValue: value) else { return nil }
      self = orientation
      return
    }
    return nil
  }
}

extension Image {
  /// The picture with its rows and columns rearranged so that it stands upright.
  func oriented(by orientation: EXIFOrientation) -> Image {
    switch orientation {
    case .upright: self
    case .mirrored: flipped()
    case .upsideDown: flipped().flippedVertically()
    case .mirroredUpsideDown: flippedVertically()
    case .mirroredQuarterTurn: transposed()
    case .needsQuarterTurnClockwise: transposed().flipped()
    case .mirroredThreeQuarterTurn: transposed().flipped().flippedVertically()
    case .needsQuarterTurnCounterclockwise: transposed().flippedVertically()
    }
  }
}
