extension FacePainter {
  /// Paints lids, white, iris and pupil of the eye at `side` (-1 left, 1 right in the picture).
  mutating func paintEye(side: Float) {
    let centre = SIMD2(side * Float(identity.eyeDistance), Float(identity.eyeLevel))
    let width = Float(identity.eyeWidth)
    let skin = Float(identity.skin)
    let upperOpening =
      0.085 * identity.eyeOpenness
      * (1 + 0.75 * actions.upperLidRaise - 0.35 * actions.lidTighten - 0.3 * actions.cheekRaise
        - 0.2 * actions.browLower - 0.25 * actions.noseWrinkle)
    let lowerOpening =
      0.055 * identity.eyeOpenness
      * (1 + 0.15 * actions.upperLidRaise - 0.6 * actions.lidTighten - 0.95 * actions.cheekRaise
        - 0.5 * actions.noseWrinkle)
    let above = max(0.008, Float(upperOpening))
    let below = max(-0.03, Float(lowerOpening))

    canvas.darken(.ellipse(at: centre - [0, 0.04], radii: [width * 1.25, 0.17]), by: 0.16, softness: 0.16)
    // The upper lid's shadow line, then white, iris and pupil cut off by the lids.
    let lids = Shape.lens(at: centre, halfWidth: width * 1.08, above: above + 0.03, below: max(below, 0.01) + 0.008)
    canvas.fill(lids, with: skin * 0.22, softness: 0.01)
    let opening = Shape.lens(at: centre, halfWidth: width, above: above, below: below)
    let iris = centre - [0, 0.012]
    canvas.fill(opening, with: min(0.95, 0.5 + 0.5 * skin))
    canvas.fill(opening.intersection(.ellipse(at: iris, radii: [0.075, 0.075])), with: 0.2)
    canvas.fill(opening.intersection(.ellipse(at: iris, radii: [0.035, 0.035])), with: 0.04)
    canvas.fill(opening.intersection(.ellipse(at: iris - 0.03, radii: [0.02, 0.02])), with: 0.9, opacity: 0.7)

    // Cheeks pushed up and tight lids fold the skin below and beside the eye.
    let fold = Float((0.5 * actions.cheekRaise + 0.25 * actions.lidTighten) * identity.wrinkles)
    let bag = Shape.stroke(
      from: centre + [-width, 0.08], over: centre + [0, 0.12], to: centre + [width, 0.08], thickness: 0.012)
    canvas.darken(bag, by: 0.4 * fold, softness: 0.03)
    let crow = Shape.stroke(
      from: centre + [side * width * 1.15, 0], over: centre + [side * (width + 0.08), 0.02],
      to: centre + [side * (width + 0.14), 0.06], thickness: 0.01)
    canvas.darken(crow, by: 0.5 * fold, softness: 0.02)
  }

  /// Paints the brow at `side`.
  mutating func paintBrow(side: Float) {
    let level = identity.eyeLevel - identity.browHeight
    let innerX = identity.eyeDistance - identity.eyeWidth * 1.05 - 0.05 * actions.browLower
    let outerX = identity.eyeDistance + identity.eyeWidth * 1.2
    let lowered = 0.13 * actions.browLower + 0.05 * actions.noseWrinkle
    let inner = level + identity.browSlant - 0.13 * actions.innerBrowRaise + lowered
    let outer = level - identity.browSlant + 0.03 - 0.12 * actions.outerBrowRaise + 0.3 * lowered
    let middle = level - 0.03 - 0.07 * actions.innerBrowRaise - 0.12 * actions.outerBrowRaise + 0.65 * lowered
    let brow = Shape.stroke(
      from: [side * Float(innerX), Float(inner)], over: [side * Float((innerX + outerX) / 2), Float(middle)],
      to: [side * Float(outerX), Float(outer)], thickness: Float(identity.browThickness), taper: 0.35)
    let value = min(Float(identity.hair) + 0.05, Float(identity.skin) * 0.5)
    canvas.fill(brow, with: value, opacity: 0.9, softness: 0.015)
  }
}
