package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// alone clears the variables that a login is made of.
func alone(t *testing.T) {
	t.Helper()
	for _, name := range []string{"HOST", "PORT", "PUBLIC_URL", "TRUSTED_PROXIES", "ENCRYPTION_KEY", "CRM_EMBED_TOKEN_SECRET", "RAPIDBOTT_CRM_EMBED_TOKEN_SECRET",
		"CRM_EMBED_TOKEN_SECRET_PREVIOUS", "PLAN_RANKS", "PLAN_MINIMUM", "RAPIDBOTT_API_BASE_URL", "SMTP_HOST", "MAIL_FROM"} {
		t.Setenv(name, "")
	}
	t.Setenv("VAR_DIR", t.TempDir())
}

// TestBadVariablesAreRefused by their name, and never with what may be secret.
func TestBadVariablesAreRefused(t *testing.T) {
	for _, v := range [][2]string{{"TRUSTED_PROXIES", "10.0.0.0/33"}, {"TRUSTED_PROXIES", "proxy"}, {"ENCRYPTION_KEY", "c2hvcnQ="},
		{"CRM_EMBED_TOKEN_SECRET", "thirty-one bytes are too few ..."[:31]}, {"RAPIDBOTT_CRM_EMBED_TOKEN_SECRET", "short-secret"},
		{"CRM_EMBED_TOKEN_SECRET_PREVIOUS", "short-secret"}, {"PLAN_RANKS", "free,gold"}, {"PLAN_MINIMUM", "free"},
		{"PUBLIC_URL", "crm.example.com"}, {"PUBLIC_URL", "https://crm.example.com/tideboard"}} {
		t.Run(v[0], func(t *testing.T) {
			alone(t)
			t.Setenv(v[0], v[1])
			_, err := readConfig()
			require.Error(t, err)
			if strings.Contains(v[0], "SECRET") {
				require.NotContains(t, err.Error(), v[1])
			}
		})
	}
}

func TestGoodVariables(t *testing.T) {
	alone(t)
	c, err := readConfig()
	require.NoError(t, err)
	require.True(t, c.Mailbox)
	require.Equal(t, "http://127.0.0.1:8000/invitation", c.InviteURL)
	require.False(t, c.Embed.On())
	require.False(t, c.PartnerMails)

	t.Setenv("HOST", "0.0.0.0")
	c, err = readConfig()
	require.NoError(t, err)
	require.Equal(t, "http://localhost:8000/invitation", c.InviteURL)
	t.Setenv("PUBLIC_URL", "https://crm.example.com/")
	t.Setenv("TRUSTED_PROXIES", "10.0.0.0/8, ::1")
	t.Setenv("RAPIDBOTT_CRM_EMBED_TOKEN_SECRET", strings.Repeat("x", 32))
	t.Setenv("RAPIDBOTT_API_BASE_URL", "https://partner.example.com")
	c, err = readConfig()
	require.NoError(t, err)
	require.False(t, c.Mailbox, "others could read the mails")
	require.Len(t, c.Proxies, 2)
	require.Equal(t, "https://crm.example.com/invitation", c.InviteURL)
	require.True(t, c.Embed.On() && c.PartnerMails)
}

func TestMinting(t *testing.T) {
	alone(t)
	var out bytes.Buffer
	require.Error(t, mint([]string{"--workspace", "acme", "--member", "42"}, &out, time.Now()), "without a secret")
	t.Setenv("CRM_EMBED_TOKEN_SECRET", strings.Repeat("x", 32))
	for _, bad := range [][]string{{"--workspace", "acme"}, {"--workspace", "acme", "--member", "42", "more"}, {"--workspace", "acme", "--member", "42", "--term", "6m"}} {
		require.Error(t, mint(bad, &out, time.Now()))
	}
	require.Empty(t, out.String())
	require.NoError(t, mint([]string{"--workspace", "acme", "--member", "42", "--read-only"}, &out, time.Now()))
	require.Regexp(t, `^[\w-]+\.[\w-]+\.[\w-]+\n$`, out.String())
}
