package mail_test

import (
	netmail "net/mail"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/mail"
)

type environment map[string]string

func (e environment) get(name string) string { return e[name] }

func TestTheEnvironmentSaysHowMailsLeave(t *testing.T) {
	c, err := mail.ConfigFrom(environment{}.get)
	require.NoError(t, err)
	require.Nil(t, c.SMTP())

	c, err = mail.ConfigFrom(environment{"MAIL_FROM": "crm@example.com"}.get)
	require.NoError(t, err)
	require.Nil(t, c.SMTP(), "the partner may send without a server of ours")

	c, err = mail.ConfigFrom(environment{"MAIL_FROM": "Tide, Board <crm@example.com>", "SMTP_HOST": "smtp.example.com"}.get)
	require.Error(t, err, "a comma parts addresses")
	require.Nil(t, c.SMTP())

	c, err = mail.ConfigFrom(environment{"MAIL_FROM": `"Tide, Board" <crm@example.com>`, "SMTP_HOST": "smtp.example.com",
		"SMTP_USER": "crm", "SMTP_PASSWORD": "secret"}.get)
	require.NoError(t, err)
	want := mail.Config{From: netmail.Address{Name: "Tide, Board", Address: "crm@example.com"}, Host: "smtp.example.com", Port: 587,
		User: "crm", Password: "secret", TLS: mail.StartTLS}
	require.Equal(t, want, c)
	require.Equal(t, want, c.SMTP().Config)

	for way, port := range map[string]int{"implicit": 465, "STARTTLS": 587, "none": 25} {
		c, err := mail.ConfigFrom(environment{"MAIL_FROM": "crm@example.com", "SMTP_HOST": "127.0.0.1", "SMTP_TLS": way}.get)
		require.NoError(t, err)
		require.Equal(t, port, c.Port)
	}
}

func TestAWrongVariableIsNamed(t *testing.T) {
	for name, sets := range map[string][]environment{
		"MAIL_FROM": {{"MAIL_FROM": "crm"}, {"MAIL_FROM": "crm@example.com\nBcc: x@example.com"}, {"SMTP_HOST": "smtp.example.com"}},
		"SMTP_PORT": {{"SMTP_PORT": "25"}, {"SMTP_HOST": "h", "MAIL_FROM": "a@example.com", "SMTP_PORT": "0"}, {"SMTP_HOST": "h", "MAIL_FROM": "a@example.com", "SMTP_PORT": "65536"},
			{"SMTP_HOST": "h", "MAIL_FROM": "a@example.com", "SMTP_PORT": "x"}},
		"SMTP_HOST": {{"SMTP_HOST": "smtp.example.com:25", "MAIL_FROM": "a@example.com"}, {"SMTP_HOST": "a b", "MAIL_FROM": "a@example.com"}, {"SMTP_HOST": "smtp://h", "MAIL_FROM": "a@example.com"}},
		"SMTP_USER": {{"SMTP_USER": "crm"}, {"SMTP_HOST": "h", "MAIL_FROM": "a@example.com", "SMTP_USER": "crm"}, {"SMTP_HOST": "h", "MAIL_FROM": "a@example.com", "SMTP_PASSWORD": "hunter2"}},
		"SMTP_TLS": {{"SMTP_TLS": "implicit"}, {"SMTP_HOST": "h", "MAIL_FROM": "a@example.com", "SMTP_TLS": "maybe"}, {"SMTP_HOST": "smtp.example.com", "MAIL_FROM": "a@example.com", "SMTP_TLS": "none"},
			{"SMTP_HOST": "127.0.0.1.example.com", "MAIL_FROM": "a@example.com", "SMTP_TLS": "none"}},
	} {
		for _, env := range sets {
			_, err := mail.ConfigFrom(env.get)
			require.ErrorContains(t, err, name, "%v", env)
			require.NotContains(t, err.Error(), "hunter2")
		}
	}
	_, err := mail.ConfigFrom(environment{"SMTP_HOST": "::1", "MAIL_FROM": "a@example.com", "SMTP_TLS": "none"}.get)
	require.NoError(t, err)
}
