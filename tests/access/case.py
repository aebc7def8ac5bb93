"""What the tests of rights share."""

import unittest

from district import DatabaseError


class AccessTest(unittest.TestCase):
    """The district is made once, by the module that runs the tests."""

    district = None

    def setUp(self):
        self.admin = self.district.admin

    def ids(self, login, table="data.students", column="student_id"):
        with self.district.session(login) as session:
            return {value for (value,) in session.query(f"select distinct {column} from {table}")}

    def count(self, session, table):
        """Rows; none where PostgreSQL says that nobody is signed in."""
        try:
            return int(session.query(f"select count(*) from data.{table}")[0][0])
        except DatabaseError as error:
            self.assertIn("nobody is signed in", str(error))
            return 0

    def rows(self, sql):
        return self.admin.query(sql)
