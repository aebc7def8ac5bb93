"""Tokens: what they bind, and what is refused."""

import base64
import json
import time

from case import AccessTest
from district import refused, sign_in


class Tokens(AccessTest):
    def setUp(self):
        super().setUp()
        self.email = self.district.people["t_principal"]

    def issue(self, more=""):
        return self.rows(f"select access.issue_token('{self.email}', '5 minutes'{more})")[0][0]

    def signed(self, **claims):
        """A token with these claims, signed as the database signs."""
        claims = {"sub": self.email, "aud": "postgres", "exp": time.time() + 60, "jti": "x", **claims}
        return self.rows(f"select access.sign('{json.dumps(claims)}')")[0][0]

    def test_a_token_binds_its_person_to_this_session_only(self):
        with self.district.session("t_bi") as one, self.district.session("t_bi") as other:
            self.assertEqual(self.count(one, "students"), 0)
            self.assertEqual(sign_in(one, self.issue()), ("t", self.email, None))
            self.assertEqual(self.count(one, "students"), len(self.ids("t_principal")))
            self.assertEqual(self.count(other, "students"), 0)
            one.query("select access.sign_out()")
            self.assertEqual(self.count(one, "students"), 0)

    def test_what_resets_a_session_signs_out(self):
        for reset in ("discard all", "discard temp"):
            with self.district.session("t_bi") as session:
                sign_in(session, self.issue())
                session.query(reset)
                self.assertEqual(self.count(session, "students"), 0, reset)

    def test_a_binding_is_of_no_use_to_a_later_session_of_the_same_process_number(self):
        with self.district.session("t_bi") as session:
            pid = session.query("select pg_backend_pid()")[0][0]
            sign_in(session, self.issue())
            bound = self.rows(f"select marker from access.session where backend_pid = {pid}")
            self.assertEqual(len(bound), 1)
            with self.district.session("t_bi") as later:
                # As if the system had given the number again.
                self.rows("update access.session set backend_pid = "
                          f"{later.query('select pg_backend_pid()')[0][0]} where backend_pid = {pid}")
                self.assertEqual(later.query("select access.viewer()")[0][0], None)
                self.assertEqual(self.count(later, "students"), 0)

    def test_for_a_transaction_it_ends_with_it(self):
        with self.district.session("t_bi") as session:
            session.query("begin")
            self.assertEqual(sign_in(session, self.issue(), "true")[0], "t")
            self.assertGreater(self.count(session, "students"), 0)
            session.query("commit")
            self.assertEqual(self.count(session, "students"), 0)

    def test_what_is_no_good_is_refused_signs_out_and_is_recorded(self):
        good = self.issue()
        head, key, body, mac = good.split(".")
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        claims["sub"] = self.district.people["t_admin"]
        forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        bad = {
            "the signature is wrong": [f"{head}.{key}.{forged}.{mac}", f"{head}.{key}.{body}.{mac[:-2]}AA",
                                       f"{head}.{key}.{body}.", f"{head}.{key}.{body}.%%"],
            "signed with a key that does not count": [f"{head}.00000000.{body}.{mac}"],
            "not a token": ["", "hr1", "x.y.z.u", "hr1." + "a" * 5000, f"{good}.x"],
            "expired": [self.signed(exp=time.time() - 1), self.signed(exp=None)],
            "made for another database": [self.signed(aud="other")],
            "made for another login": [self.signed(login="t_tableau")],
            "of nobody who may sign in": [self.signed(sub="nobody@outside.example")],
        }
        with self.district.session("t_bi") as session:
            for reason, tokens in bad.items():
                for token in tokens:
                    with self.subTest(reason, token=token[:20]):
                        sign_in(session, good)
                        self.assertEqual(sign_in(session, token), ("f", None, reason))
                        self.assertEqual(self.count(session, "students"), 0)
                        self.assertEqual(self.rows(
                            "select kind, login, detail ->> 'reason' from access.audit "
                            "order by audit_id desc limit 1"), [("sign_in_refused", "t_bi", reason)])

    def test_a_token_for_one_use_is_used_once(self):
        token = self.issue(", null, true")
        with self.district.session("t_bi") as session, self.district.session("t_bi") as other:
            self.assertEqual(sign_in(session, token)[0], "t")
            self.assertEqual(sign_in(other, token)[2], "used before")

    def test_an_ended_key_ends_its_tokens(self):
        token = self.issue()
        self.rows("begin; update access.token_key set ended_at = now(); commit")
        try:
            with self.district.session("t_bi") as session:
                self.assertEqual(sign_in(session, token)[0], "f")
        finally:
            self.rows("update access.token_key set ended_at = null")

    def test_an_open_session_ends_with_its_token_and_with_its_person(self):
        with self.district.session("t_bi") as session:
            sign_in(session, self.signed(exp=time.time() + 1.2))
            self.assertGreater(self.count(session, "students"), 0)
            time.sleep(1.5)
            self.assertEqual(self.count(session, "students"), 0)
            sign_in(session, self.issue())
            self.rows(f"update access.outsider set ends_at = now() where email = '{self.email}'")
            self.assertEqual(self.count(session, "students"), 0)
            self.rows(f"update access.outsider set ends_at = null where email = '{self.email}'")

    def test_nobody_makes_tokens_but_the_owner(self):
        for login in self.district.people:
            with self.district.session(login) as session:
                for sql in ("select access.issue_token('x', '1 hour')", "select access.sign('{}')",
                            "select 1 from access.token_key",
                            "select access.bind('x', 'token', 'infinity', false)",
                            "insert into access.session values (pg_backend_pid(), 1)"):
                    self.assertIn("permission denied", refused(session, sql) or "", (login, sql))
