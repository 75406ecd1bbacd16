import Curation
import TestSupport
import Testing

@testable import Reports

/// The dataset card in Markdown.
@Suite struct DatasetCardTests {
  @Test func `The front matter is what Hugging Face reads`() throws {
    let content = try DatasetReport(TestDatasets.store()).content(title: "faces: \"mine\"", license: "cc-by-4.0")
    let card = DatasetCard.render(content)
    #expect(
      card.hasPrefix(
        """
        ---
        pretty_name: "faces: \\"mine\\""
        license: "cc-by-4.0"
        task_categories:
        - image-classification
        annotations_creators:
        - found
        size_categories:
        - n<1K
        tags:
        - facial-expression-recognition
        - fercure
        configs:
        - config_name: default
          data_files:
          - split: train
            path: train/**
          - split: validation
            path: validation/**
          - split: test
            path: test/**
        ---

        # faces: &quot;mine&quot;
        """))
    #expect(card.contains("| angry | 2 | 1 | 1 |"))
    #expect(card.contains("| **all** | 14 | 7 | 7 |"))
    #expect(card.contains("| fer.csv | fer-csv | 28 | 0 |"))
  }

  @Test func `Decisions and changes are told`() throws {
    let card = DatasetCard.render(try DatasetReportTests.content(DatasetReportTests.dataset()))
    #expect(card.contains("- machine-generated\n- expert-generated\n- found"))
    #expect(card.contains("| wrong label | accepted | 2 |"))
    #expect(card.contains("by the decisions of reviewers so far:"))
    #expect(card.contains("| reviewer ann | relabelled | angry | neutral | 1 |"))
  }

  @Test func `Text of the user is neither markup nor a column`() {
    #expect(DatasetCard.escaped("a|b *c* <img onerror=x>\n[d](e)") == #"a\|b \*c\* &lt;img onerror=x&gt; \[d\](e)"#)
    #expect(DatasetCard.quoted("no: \"yes\"\n- x") == #""no: \"yes\"\n- x""#)
  }

  @Test(arguments: [(0, "n<1K"), (999, "n<1K"), (1_000, "1K<n<10K"), (35_887, "10K<n<100K"), (2_000_000, "1M<n<10M")])
  func `Sizes are sorted as Hugging Face does`(samples: Int, category: String) {
    #expect(DatasetCard.sizeCategory(samples) == category)
  }
}
