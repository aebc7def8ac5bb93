"""Real files keep their meaning: what is changed in each of them is what was reviewed by eye.

HOMEROOM_UPDATE_GOLDEN=1 writes the summary and the page anew: read what changed before it is
committed."""

import os
import unittest

import corpus_summary
from support import FolderTest


@unittest.skipUnless(corpus_summary.CORPUS.is_dir(), "SKIPPED: no ../shared with real files")
class CorpusSummary(FolderTest):
    maxDiff = 4000

    def test_each_real_file_is_changed_as_was_reviewed(self):
        reports = corpus_summary.check(corpus_summary.CORPUS)
        if os.environ.get("HOMEROOM_UPDATE_GOLDEN"):
            corpus_summary.GOLDEN.write_text(corpus_summary.summary(reports), encoding="utf-8")
            corpus_summary.PAGE.write_text(corpus_summary.page(reports), encoding="utf-8")
        self.assertEqual(corpus_summary.summary(reports), corpus_summary.GOLDEN.read_text(encoding="utf-8"))
        self.assertEqual(corpus_summary.page(reports), corpus_summary.PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()
