/// The page and what it is made of, embedded in the program.
enum Assets {
  /// The one page; its script shows what the address asks for.
  static let page = PackageResources.page_html

  /// The scripts of the page that needs no server, in the order in which they run.
  static let offlineScripts = ["core.js", "queue.js", "offline.js"]

  /// A style sheet or a script.
  static func named(_ name: String) -> (bytes: [UInt8], type: String)? {
    switch name {
    case "review.css": (PackageResources.review_css, "text/css; charset=utf-8")
    case "core.js": (PackageResources.core_js, script)
    case "queue.js": (PackageResources.queue_js, script)
    case "grid.js": (PackageResources.grid_js, script)
    case "offline.js": (PackageResources.offline_js, script)
    case "overview.js": (PackageResources.overview_js, script)
    default: nil
    }
  }

  private static let script = "text/javascript; charset=utf-8"
}
