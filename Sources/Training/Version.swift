internal import Curation

/// The version that models and reports carry.
let fercureVersion = ToolVersion.current
