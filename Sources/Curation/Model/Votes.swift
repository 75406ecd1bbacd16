/// What several people called one picture: the number of votes by name, as FER+ has them.
///
/// Names are those of the dataset's classes where there is such a class; `contempt`, `unknown` and `NF` (not a face)
/// keep their own. A sample without votes has no entry at all: zero votes mean "not known", never "nobody".
public typealias Votes = [String: Int]
