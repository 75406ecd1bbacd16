extension FacePainter {
  /// Paints lips, the dark of the open mouth, and teeth.
  mutating func paintMouth() {
    let skin = Float(identity.skin)
    let halfWidth = Float(
      identity.mouthWidth
        * (1 + 0.38 * actions.lipCornerPull + 0.34 * actions.lipStretch - 0.22 * actions.lipTighten
          - 0.32 * actions.jawDrop))
    let bend = Float(
      identity.mouthCurve + 0.155 * actions.lipCornerPull - 0.12 * actions.lipCornerDepress
        - 0.015 * actions.lipStretch - 0.03 * actions.upperLipRaise)
    // The middle of the lips goes down as the corners go up, so that the mouth turns about its own height.
    let level = identity.mouthLevel + 0.05 * actions.jawDrop - 0.04 * actions.chinRaise - 0.05 * actions.noseWrinkle
    let centre = SIMD2(0, Float(level) + 0.4 * bend)
    let parted = actions.lipsPart * (1 + 0.5 * actions.lipCornerPull)
    let gape = Float(max(0, 0.09 * parted + 0.26 * actions.jawDrop - 0.03 * actions.lipTighten))
    let above = 0.4 * gape + Float(0.05 * actions.upperLipRaise * (actions.lipsPart > 0.1 ? 1 : 0.35))
    let below = 0.6 * gape
    let open = above + below > 0.02
    let lip = Float(identity.lipThickness * (1 - 0.6 * actions.lipTighten - 0.2 * actions.lipStretch))
    let thinned = 1 - 0.3 * Float(actions.lipCornerPull)
    let upperLip = lip * thinned + 0.03 * Float(actions.upperLipRaise)
    let lowerLip = 1.25 * lip * thinned + 0.02 * Float(actions.chinRaise)
    let squareness = Float(1 + 0.8 * actions.lipsPart + 0.5 * actions.lipStretch)

    let lips = Shape.lens(
      at: centre, halfWidth: halfWidth, bend: bend, above: above + upperLip, below: below + lowerLip,
      squareness: squareness)
    canvas.fill(lips, with: skin * 0.62, opacity: 0.85, softness: 0.02)
    let underLip = Shape.ellipse(at: centre + [0, below + lowerLip + 0.05], radii: [halfWidth * 0.6, 0.03])
    canvas.darken(underLip, by: 0.18, softness: 0.06)
    if open {
      let opening = Shape.lens(
        at: centre, halfWidth: halfWidth * 0.92, bend: bend, above: above, below: below, squareness: squareness)
      canvas.fill(opening, with: 0.07)
      // Lips drawn up or aside bare the upper teeth; a dropped jaw alone shows only their edge.
      let bared = Float(max(actions.lipCornerPull, actions.upperLipRaise, 0.7 * actions.lipStretch, 0.3))
      let teeth = min(0.1, (above + below) * 0.75) * bared
      let upperTeeth = Shape.anywhere { p in
        let t = p.x / halfWidth
        return max(opening.distance(p) + 0.008, p.y - (centre.y - bend * t * t - above * (1 - t * t) + teeth))
      }
      canvas.fill(opening.intersection(upperTeeth), with: 0.88, opacity: 0.9)
    }
    // The line where the lips meet, and the shadows in the corners.
    let line = max(0.012, 0.016 - above * 0.1)
    let seam = Shape.anywhere { p in
      let t = p.x / halfWidth
      return max(abs(p.y - centre.y + bend * t * t) - line, (abs(t) - 1.06) * halfWidth)
    }
    canvas.darken(seam, by: open ? 0.25 : 0.7, softness: 0.012)
  }
}
