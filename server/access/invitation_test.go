package access_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/partner/simulator"
	"github.com/rapidbott/tideboard/server/servertest"
)

// invite invites an address and gives the invitation's id and the token of its link.
func invite(t *testing.T, owner *servertest.Client, email, role string, teams ...string) (id, token string) {
	t.Helper()
	out := servertest.Must[struct {
		InviteMembers struct {
			Results []struct {
				Invitation struct{ ID string }
				Link       string
			}
		}
	}](t, owner, `mutation($e: [String!]!, $r: MemberRole!, $t: [ID!]) { inviteMembers(input: {emails: $e, role: $r, teamIds: $t}) { results { link invitation { id } } } }`,
		servertest.Vars{"e": []string{email}, "r": role, "t": teams}).InviteMembers.Results[0]
	return out.Invitation.ID, tokenOf(t, out.Link)
}

func tokenOf(t *testing.T, link string) string {
	t.Helper()
	_, token, ok := strings.Cut(link, "#token=")
	require.True(t, ok, link)
	require.Regexp(t, `^tbi_[0-9A-Za-z]{43}$`, token)
	return token
}

func (d *desk) accept(t *testing.T, ip, token, code string) reply {
	t.Helper()
	return d.call(t, "POST", "/api/invitations/accept", ip, in{"token": token, "code": code, "first_name": "Nora", "last_name": "New"})
}

func TestAnInvitationIsAcceptedWithACode(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := reception(t, dialect)
		owner := &servertest.Client{URL: d.URL, Token: d.login(t, "acme").Token}
		team := servertest.Must[struct {
			CreateTeam struct{ Team struct{ ID string } }
		}](t, owner,
			`mutation { createTeam(input: {name: "North"}) { team { id } } }`, nil).CreateTeam.Team.ID
		_, token := invite(t, owner, "nora@mail.example", "TEAM_ADMIN", team)
		require.Eventually(t, func() bool {
			mails, err := d.Mails(t.Context())
			require.NoError(t, err)
			for _, m := range mails {
				if m.To == "nora@mail.example" && strings.Contains(m.Text, token) {
					return true
				}
			}
			return false
		}, time.Minute, 5*time.Millisecond, "the link was not mailed")
		assert.Zero(t, d.count(t, "SELECT COUNT(*) FROM invitations WHERE token_hash = ?", token), "the token itself is not kept")

		r := d.call(t, "POST", "/api/invitations/find", "10.0.0.1", in{"token": token})
		require.Equal(t, 200, r.status, r.text)
		assert.JSONEq(t, `{"workspace_name": "The acme", "target": "n***@m***.example"}`, r.text)
		r = d.call(t, "POST", "/api/invitations/accept/request", "10.0.0.1", in{"token": token})
		require.Equal(t, 200, r.status, r.text)
		assert.Equal(t, "n***@m***.example", r.Target)
		again := d.call(t, "POST", "/api/invitations/accept/request", "10.0.0.2", in{"token": token})
		assert.Equal(t, "RATE_LIMITED", again.Error.Code)
		code := d.code(t, "nora@mail.example", "") // the invitation itself holds none
		r = d.call(t, "POST", "/api/invitations/accept", "10.0.0.1", in{"token": token, "code": code, "first_name": " "})
		assert.Equal(t, "VALIDATION_FAILED", r.Error.Code)
		assert.Equal(t, 401, d.accept(t, "10.0.0.1", token, wrong(code)).status)
		login := d.verify(t, "10.0.0.1", "acme", "nora@mail.example", code)
		assert.Equal(t, "OTP_INVALID", login.Error.Code, "the code opens nothing else")
		r = d.accept(t, "10.0.0.1", token, code)
		require.Equal(t, 200, r.status, r.text)
		assert.Equal(t, "TEAM_ADMIN", r.Role)
		me := servertest.Must[struct {
			Viewer struct {
				Member struct {
					Name, Email, Origin string
					TeamIds             []string
				}
			}
		}](t, &servertest.Client{URL: d.URL, Token: r.Token}, `{ viewer { member { name email origin teamIds } } }`, nil).Viewer.Member
		assert.Equal(t, "Nora New", me.Name)
		assert.Equal(t, "nora@mail.example", me.Email)
		assert.Equal(t, "LOCAL", me.Origin)
		assert.Equal(t, []string{team}, me.TeamIds)
		assert.Equal(t, 1, d.count(t, "SELECT COUNT(*) FROM changes WHERE kind = 'invitation.accepted'"))
		assert.Equal(t, 1, d.count(t, "SELECT COUNT(*) FROM sessions WHERE kind = 'INVITATION'"))
		assert.Equal(t, 1, d.count(t, "SELECT COUNT(*) FROM audit_log WHERE action = 'invitation.accepted'"))
		assert.Equal(t, "INVITATION_INVALID", d.accept(t, "10.0.0.1", token, code).Error.Code, "once")
	})
}

func TestDeadLinksAreAlike(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := reception(t, dialect)
		owner := &servertest.Client{URL: d.URL, Token: d.login(t, "acme").Token}
		cancelled, dead := invite(t, owner, "a@mail.example", "AGENT")
		servertest.Must[any](t, owner, `mutation($i: ID!) { cancelInvitation(input: {id: $i}) { revision } }`, servertest.Vars{"i": cancelled})
		resent, old := invite(t, owner, "b@mail.example", "AGENT")
		link := servertest.Must[struct{ ResendInvitation struct{ Link string } }](t, owner,
			`mutation($i: ID!) { resendInvitation(input: {id: $i}) { link } }`, servertest.Vars{"i": resent}).ResendInvitation.Link
		live := tokenOf(t, link)
		require.Equal(t, 200, d.call(t, "POST", "/api/invitations/accept/request", "10.0.0.3", in{"token": live}).status)
		d.clock.Pass(7*24*time.Hour - time.Second)
		require.Equal(t, 200, d.call(t, "POST", "/api/invitations/accept/request", "10.0.0.3", in{"token": live}).status, "the last second")
		d.clock.Pass(time.Second)
		texts := map[string]bool{}
		for i, token := range []string{"tbi_" + strings.Repeat("x", 43), "x", dead, old, live} {
			for _, path := range []string{"/api/invitations/find", "/api/invitations/accept/request", "/api/invitations/accept"} {
				body := in{"token": token}
				if path != "/api/invitations/find" {
					body["first_name"], body["last_name"] = "N", ""
				}
				if path == "/api/invitations/accept" {
					body["code"] = "123456"
				}
				r := d.call(t, "POST", path, "10.0.1."+string(rune('1'+i)), body)
				assert.Equal(t, 404, r.status)
				assert.Equal(t, "INVITATION_INVALID", r.Error.Code)
				text, _, _ := strings.Cut(r.text, `,"request_id"`)
				texts[text] = true
			}
		}
		assert.Len(t, texts, 1, "which of them is not told")
		require.NoError(t, d.CRM.ExpireInvitations(t.Context()))
		assert.Equal(t, 1, d.count(t, "SELECT COUNT(*) FROM invitations WHERE state = 'EXPIRED'"))
		assert.Equal(t, 1, d.count(t, "SELECT COUNT(*) FROM changes WHERE kind = 'invitation.expired'"))
		require.NoError(t, d.CRM.ExpireInvitations(t.Context()))
		assert.Equal(t, 1, d.count(t, "SELECT COUNT(*) FROM changes WHERE kind = 'invitation.expired'"))
	})
}

// TestWhatALinkIsForIsToldToWhoeverMayComeIn and not without end.
func TestWhatALinkIsForIsToldToWhoeverMayComeIn(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := reception(t, dialect)
		owner := &servertest.Client{URL: d.URL, Token: d.login(t, "acme").Token}
		_, token := invite(t, owner, "nora@mail.example", "AGENT")
		find := func() reply { return d.call(t, "POST", "/api/invitations/find", "10.0.0.1", in{"token": token}) }
		for range 30 {
			require.Equal(t, 200, find().status)
		}
		assert.Equal(t, "RATE_LIMITED", find().Error.Code)
		d.clock.Pass(6 * time.Minute) // the partner is asked anew
		d.partner.Change("acme", func(w *simulator.Workspace) { w.Paused = true })
		r := find()
		assert.Equal(t, "WORKSPACE_NOT_ELIGIBLE", r.Error.Code)
		assert.Equal(t, "PAUSED", r.Error.Reason)
	})
}

func TestAFormerMemberComesBackByInvitation(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := reception(t, dialect)
		owner := &servertest.Client{URL: d.URL, Token: d.login(t, "acme").Token}
		enter := func(role, ip string, known ...string) (id, code string) {
			_, token := invite(t, owner, "nora@mail.example", role)
			require.Equal(t, 200, d.call(t, "POST", "/api/invitations/accept/request", ip, in{"token": token}).status)
			code = d.code(t, "nora@mail.example", append(known, "")...) // the invitation itself holds no code
			r := d.accept(t, ip, token, code)
			require.Equal(t, 200, r.status, r.text)
			assert.Equal(t, role, r.Role)
			return servertest.Must[struct {
				Viewer struct{ Member struct{ ID string } }
			}](t, &servertest.Client{URL: d.URL, Token: r.Token},
				`{ viewer { member { id } } }`, nil).Viewer.Member.ID, code
		}
		first, code := enter("TEAM_ADMIN", "10.0.0.1")
		servertest.Must[any](t, owner, `mutation($i: ID!) { removeMember(input: {id: $i}) { revision } }`, servertest.Vars{"i": first})
		d.clock.Pass(2 * time.Minute)
		second, _ := enter("AGENT", "10.0.0.2", code)
		assert.Equal(t, first, second, "the same person, as what the invitation says")
	})
}

func TestMembersOverREST(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		d := reception(t, dialect)
		session := d.login(t, "acme")
		get := func(query string) reply {
			return d.call(t, "GET", "/api/workspace-members"+query, "10.0.0.1", nil, "Authorization", "Bearer "+session.Token)
		}
		r := get("")
		require.Equal(t, 200, r.status, r.text)
		assert.Contains(t, r.text, `"page":1,"limit":50,"total_pages":1,"stale":false,"synced_at":"20`)
		assert.Contains(t, r.text, `"role":"owner"`)
		assert.Contains(t, get("?role=project_manager").text, `{"items":[],"total":0,"page":1,"limit":50,"total_pages":0`)
		assert.Contains(t, get("?name=OWNER%40acme&limit=1&page=1").text, `"total":1`)
		assert.Contains(t, get("?limit=1&page=1000").text, `"items":[]`)
		for query, code := range map[string]string{"?page=0": "VALIDATION_FAILED", "?limit=201": "VALIDATION_FAILED", "?limit=x": "VALIDATION_FAILED",
			"?role=OWNER": "VALIDATION_FAILED", "?role=king": "VALIDATION_FAILED", "?sort=x": "UNKNOWN_FIELD", "?page=1&page=2": "VALIDATION_FAILED", "?name=%00": "VALIDATION_FAILED"} {
			r := get(query)
			assert.Equal(t, 400, r.status, query)
			assert.Equal(t, code, r.Error.Code, query)
		}
		assert.Equal(t, 401, d.call(t, "GET", "/api/workspace-members", "10.0.0.1", nil).status)
	})
}
