import ArgumentParser

/// How a listing is printed.
enum ListFormat: String, CaseIterable, ExpressibleByArgument {
  case table, csv, json
}
