import Randomness

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Paints one face: background, head and hair here; eyes, nose and mouth in the extensions beside this file.
struct FacePainter {
  let identity: FaceIdentity
  let actions: FaceActions
  let view: FaceView
  var canvas: FaceCanvas

  init(identity: FaceIdentity, actions: FaceActions, view: FaceView) {
    self.identity = identity
    self.actions = actions
    self.view = view
    canvas = FaceCanvas(view: view, headWidth: identity.headWidth)
  }

  mutating func paint(using generator: inout some RandomNumberGenerator) {
    paintBackground(using: &generator)
    paintHead()
    paintNose()
    paintFolds()
    paintMouth()
    paintBeard()
    paintEye(side: -1)
    paintEye(side: 1)
    paintBrow(side: -1)
    paintBrow(side: 1)
    paintHair()
    paintGlasses()
  }

  private mutating func paintBackground(using generator: inout some RandomNumberGenerator) {
    let side = FaceCanvas.fineSide
    let (top, bottom) = (Float(view.background.x), Float(view.background.y))
    for row in 0..<side {
      for column in 0..<side {
        canvas.values[row * side + column] = top + (bottom - top) * Float(row) / Float(side)
      }
    }
    for _ in 0..<Int.random(in: 0...4, using: &generator) {
      let centre = SIMD2(Float(generator.uniform(in: -1.2...1.2)), Float(generator.uniform(in: -1.2...1.2)))
      let radii = SIMD2(Float(generator.uniform(in: 0.15...0.9)), Float(generator.uniform(in: 0.15...0.9)))
      let value = Float(generator.uniform(in: 0.05...0.95))
      canvas.fill(.ellipse(at: centre, radii: radii), with: value, opacity: 0.6, softness: 0.15, onHead: false)
    }
    canvas.fill(.ellipse(at: [0, 2.1], radii: [1.5, 0.95]), with: Float(view.clothes), onHead: false)
    let neck = Shape.anywhere { p in max(abs(p.x) - 0.42, abs(p.y - 1) - 0.5) }
    canvas.fill(neck, with: Float(identity.skin) * 0.6, softness: 0.03, onHead: false)
  }

  private mutating func paintHead() {
    let skin = Float(identity.skin)
    let width = Float(identity.headWidth)
    if identity.longHair {
      let crown = Shape.ellipse(at: [0, -0.1], radii: [width + 0.2, 1.08])
      let falling = Shape.anywhere { p in
        p.y < 0.1 ? crown.distance(p) : max(abs(p.x) - width - 0.2, p.y - 1.15)
      }
      canvas.fill(falling, with: Float(identity.hair), onHead: false)
    }
    for side: Float in [-1, 1] {
      let ear = Shape.ellipse(at: [side * (width + 0.02), 0], radii: [0.09, 0.2])
      canvas.fill(ear, with: skin * 0.75, onHead: false)
    }

    let light = SIMD3<Float>(view.light)
    let ambient = Float(view.ambient)
    var lit = canvas
    lit.shade { _, place, normal in
      let diffuse = max(0, (normal * light).sum())
      // The nose is a ridge: one side of it faces the light, the other turns away.
      let ridge = place.y > -0.25 && place.y < 0.22 ? place.x / 0.1 * exp2(-(place.x * place.x) / 0.012) : 0
      return skin * (ambient + (1 - ambient) * diffuse + 0.25 * light.x * ridge) * (1 - 0.12 * max(0, place.y))
    }
    let taper = Float(identity.jawTaper)
    let chin = 1 + 0.1 * Float(actions.jawDrop)
    for index in canvas.values.indices {
      let p = canvas.frontal[index]
      let radii = p.y > 0 ? SIMD2(width * (1 - taper * p.y * p.y), chin) : SIMD2(width, 1)
      let q = p / radii
      let distance = ((q * q).sum().squareRoot() - 1) * width
      let coverage = min(1, max(0, 0.5 - distance / canvas.pixel))
      canvas.values[index] += (lit.values[index] - canvas.values[index]) * coverage
    }
  }

  private mutating func paintHair() {
    let width = Float(identity.headWidth)
    let line = Float(identity.hairline)
    let curve = Float(identity.hairCurve)
    let crown = Shape.ellipse(at: [0, -0.06], radii: [width + 0.1, 1.06])
    let front = crown.intersection(.anywhere { p in p.y - line - curve * p.x * p.x })
    canvas.fill(front, with: Float(identity.hair), softness: 0.03)
  }

  private mutating func paintBeard() {
    guard identity.beard > 0 else { return }
    let mouth = Float(identity.mouthLevel)
    let reach = Float(identity.headWidth) * 0.8
    let lips = Shape.ellipse(at: [0, mouth], radii: [0.3, 0.1])
    let beard = Shape.anywhere { p in
      max(mouth - 0.1 - p.y - 0.25 * abs(p.x), abs(p.x) - reach, 0.09 - lips.distance(p))
    }
    canvas.fill(beard, with: Float(identity.hair), opacity: Float(identity.beard) * 0.6, softness: 0.12)
  }

  private mutating func paintGlasses() {
    guard identity.glasses > 0 else { return }
    let eye = SIMD2(Float(identity.eyeDistance), Float(identity.eyeLevel) + 0.03)
    let lens = Shape.ellipse(at: eye, radii: [0.23, 0.19])
    let frame = Shape.anywhere { p in
      let rim = abs(lens.distance([abs(p.x), p.y])) - 0.018
      let bridge = max(abs(p.x) - eye.x + 0.22, abs(p.y - eye.y + 0.04) - 0.018)
      return min(rim, bridge)
    }
    canvas.fill(frame, with: 0.08, opacity: Float(identity.glasses))
  }
}
