package mail_test

import (
	"html"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/mail"
)

func TestALoginCodeSaysWhatItIsFor(t *testing.T) {
	m := mail.LoginCode("en", "ada@receiver.example", "Acme & Söhne", "482913", 10*time.Minute)
	require.Equal(t, "login.code", m.Kind)
	require.Equal(t, "ada@receiver.example", m.To)
	require.Equal(t, "Your login code for Acme & Söhne", m.Subject)
	require.NotContains(t, m.Subject, "482913", "servers log subjects, and locked screens show them")
	for _, body := range []string{m.Text, html.UnescapeString(m.HTML)} {
		for _, part := range []string{"482913", "10 minutes", "Never share this code"} {
			require.Contains(t, body, part)
		}
	}
	require.Contains(t, m.Text, "Acme & Söhne")
	require.Contains(t, m.HTML, "Acme &amp; Söhne")
	require.Contains(t, mail.LoginCode("en", "a@b.example", "Acme", "1", time.Minute).Text, "1 minute.")
	require.Contains(t, mail.LoginCode("en", "a@b.example", "Acme", "1", 3*time.Minute-time.Second).Text, "2 minutes.", "no more than holds")
	require.Equal(t, "Your login code", mail.LoginCode("en", "a@b.example", "", "1", time.Minute).Subject)
}

func TestAnInvitationHasItsLinkAndTerm(t *testing.T) {
	in := mail.Invitation{Workspace: "Acme", Inviter: "Ada L.", Link: "https://crm.example/invitation?token=a&b=c",
		Until: time.Date(2026, 5, 11, 11, 30, 0, 0, time.FixedZone("", 7200))}
	m := mail.Invite("en", "bob@receiver.example", in)
	require.Equal(t, "Ada L. invites you to Acme", m.Subject)
	for _, body := range []string{m.Text, html.UnescapeString(m.HTML)} {
		for _, part := range []string{"Ada L.", "Acme", in.Link, "11 May 2026, 09:30 UTC"} {
			require.Contains(t, body, part)
		}
	}
	in.Link = "javascript:alert(1)"
	require.NotContains(t, mail.Invite("en", "bob@receiver.example", in).HTML, "javascript")
	require.Equal(t, "You are invited to a workspace", mail.Invite("en", "bob@receiver.example", mail.Invitation{}).Subject)
}

func TestLostEligibilitySaysWhy(t *testing.T) {
	seen := map[string]bool{}
	for _, reason := range []string{mail.ReasonPaused, mail.ReasonNoPlan, mail.ReasonNotFound, "OTHER"} {
		m := mail.EligibilityLost("en", "ada@receiver.example", "Acme", reason)
		require.Equal(t, "Acme can no longer be used", m.Subject)
		require.Contains(t, m.Text, "All data stays")
		require.Contains(t, m.HTML, "All data stays")
		require.NotContains(t, m.Text, reason)
		seen[m.Text] = true
	}
	require.Len(t, seen, 4)
}

// all makes one mail of each kind around a name.
func all(lang, name string) []mail.Message {
	return []mail.Message{mail.LoginCode(lang, "ada@receiver.example", name, "482913", time.Minute),
		mail.Invite(lang, "ada@receiver.example", mail.Invitation{Workspace: name, Inviter: name, Link: "https://crm.example/i"}),
		mail.EligibilityLost(lang, "ada@receiver.example", name, name)}
}

func TestNoNameBreaksAMail(t *testing.T) {
	now := newClock().Now()
	for _, name := range []string{"", " ", "Acme\r\nBcc: eve@evil.example", "a\u2028b\u202eevil", "\xff\xfe", "<script>alert(1)</script>",
		strings.Repeat("ä", 5000), "{{.Code}}", "x\x00y", `"><img src=x onerror=alert(1)>`} {
		for _, m := range all("en", name) {
			m.Tenant = "wsp_test"
			require.NoError(t, m.Validate(now), "%q: %q", name, m.Subject)
			require.NotContains(t, m.Subject, "\u202e")
			for _, tag := range []string{"<script", "<img"} {
				require.NotContains(t, m.HTML, tag)
			}
			require.NotContains(t, m.Text+m.HTML, "<no value>")
			require.Less(t, len(m.Text), 3000)
		}
	}
}

func TestALanguageWithoutTextsFallsBack(t *testing.T) {
	want := all("en", "Acme")
	for _, lang := range []string{"", "en-GB", "en_US", "de", "pt-BR", "nonsense!", "x"} {
		require.Equal(t, want, all(lang, "Acme"), lang)
	}
}
