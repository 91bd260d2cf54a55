package mail_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/mail"
)

func TestAddresses(t *testing.T) {
	for _, good := range []string{"ada@example.com", "a.d+a@sub.example.com", "o'hara@example.com", "jürgen@example.com", "ada@localhost",
		strings.Repeat("a", 64) + "@example.com"} {
		require.True(t, mail.ValidAddress(good), good)
	}
	for _, bad := range []string{"", "ada", "@example.com", "ada@", "Ada <ada@example.com>", "<ada@example.com>", "ada@example.com, bob@example.com",
		"ada@example.com\r\nBcc: eve@example.com", "ada\n@example.com", "ada@example.com\n", " ada@example.com", "ada@example.com ", "a da@example.com",
		"ada@exa mple.com", `"a b"@example.com`, "ada@example.com (Ada)", "ada@@example.com", "ada@.example.com", "ada@example.com.", "ada@[127.0.0.1]",
		"a\x00da@example.com", "ada\u2028@example.com", "\xff@example.com", strings.Repeat("a", 65) + "@example.com",
		"ada@" + strings.Repeat("a.", 130) + "com", "group: ada@example.com;"} {
		require.False(t, mail.ValidAddress(bad), "%q", bad)
	}
}

func TestEverythingWrongWithAMessageIsSaidAtOnce(t *testing.T) {
	now := newClock().Now()
	m := message("ada@receiver.example")
	require.NoError(t, m.Validate(now))
	soon := now.Add(time.Second)
	m.Expires, m.HTML = &soon, ""
	require.NoError(t, m.Validate(now))

	for field, breaks := range map[string][]func(m *mail.Message){
		"tenant": {func(m *mail.Message) { m.Tenant = "" }, func(m *mail.Message) { m.Tenant = strings.Repeat("x", 65) }, func(m *mail.Message) { m.Tenant = "a\nb" }},
		"kind":   {func(m *mail.Message) { m.Kind = "" }, func(m *mail.Message) { m.Kind = "Login code" }},
		"to":     {func(m *mail.Message) { m.To = "Ada <ada@receiver.example>" }},
		"subject": {func(m *mail.Message) { m.Subject = " " }, func(m *mail.Message) { m.Subject = "a\r\nBcc: eve@example.com" }, func(m *mail.Message) { m.Subject = "a\rb" },
			func(m *mail.Message) { m.Subject = "a\x00" }, func(m *mail.Message) { m.Subject = strings.Repeat("ä", 251) }, func(m *mail.Message) { m.Subject = "a\xff" }},
		"text":    {func(m *mail.Message) { m.Text = "\n" }, func(m *mail.Message) { m.Text = strings.Repeat("x", 256<<10+1) }, func(m *mail.Message) { m.Text = "\xff" }},
		"html":    {func(m *mail.Message) { m.HTML = strings.Repeat("x", 256<<10+1) }, func(m *mail.Message) { m.HTML = "\xff" }},
		"expires": {func(m *mail.Message) { m.Expires = &now }},
	} {
		for _, spoil := range breaks {
			m := message("ada@receiver.example")
			spoil(&m)
			f := fault.Of(m.Validate(now))
			require.NotNil(t, f, field)
			require.Len(t, f.Details, 1)
			require.Equal(t, field, f.Details[0].Field)
			require.Equal(t, field == "to", f.Kind == fault.InvalidEmail)
		}
	}
	f := fault.Of((&mail.Message{Expires: &now}).Validate(now))
	require.Len(t, f.Details, 6)
	require.Equal(t, fault.ValidationFailed, f.Kind)
}

func TestWhatIsNotAcceptableIsNotQueued(t *testing.T) {
	each(t, func(t *testing.T, url string) {
		b := process(t, url, newClock(), nil)
		m := message("ada@receiver.example\r\nBcc: eve@example.com")
		_, err := b.Enqueue(t.Context(), b.DB.Write, m)
		require.True(t, fault.Is(err, fault.InvalidEmail))
		require.Empty(t, dump(t, b.DB))
	})
}
