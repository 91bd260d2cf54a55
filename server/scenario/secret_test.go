package scenario_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/seal"
	"github.com/rapidbott/tideboard/server/servertest"
	"github.com/rapidbott/tideboard/server/store"
)

// partner takes keys that begin with good, for the workspace that it knows.
type partner struct{ workspace string }

func (p partner) CheckKey(_ context.Context, workspaceID, key string) error {
	switch {
	case strings.HasPrefix(key, "down"):
		return errors.New("connection refused by 10.0.0.1, key " + key)
	case workspaceID != p.workspace || !strings.HasPrefix(key, "good"):
		return crm.ErrPartnerKeyRefused
	}
	return nil
}

// call asks a REST route.
func call(t *testing.T, c *servertest.Client, method, path, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, c.URL+path, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+c.Token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(text)
}

// TestThePartnersKeyIsTriedAndKept: refused or not to be tried leaves what was there; it is sealed, and never shown.
func TestThePartnersKeyIsTriedAndKept(t *testing.T) {
	servertest.Each(t, func(t *testing.T, dialect string) {
		log := &logbook{}
		box, err := seal.New(bytes.Repeat([]byte{7}, seal.KeySize))
		require.NoError(t, err)
		w := servertest.Found(t, servertest.StartOn(t, servertest.Database(t, dialect), func(c *app.Config) {
			c.Box, c.PartnerKeys = box, partner{"alpha"}
			c.Logger = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		}), "alpha")
		const path = "/api/settings/rapidbott-key"
		kept := func() string {
			secret, err := w.CRM.Secret(t.Context(), w.WorkspaceID, crm.PartnerKey)
			require.NoError(t, err)
			return string(secret)
		}
		shows := func(c *servertest.Client) (configured bool, last4 *string) {
			status, body := call(t, c, "GET", "/api/settings", "")
			require.Equal(t, 200, status, body)
			var out struct {
				General struct {
					Name string `json:"name"`
				} `json:"general"`
				Insights struct {
					StaleHours int `json:"stale_hours"`
				} `json:"insights"`
				Secrets map[string]struct {
					Configured bool    `json:"configured"`
					Last4      *string `json:"last4"`
				} `json:"secrets"`
			}
			require.NoError(t, json.Unmarshal([]byte(body), &out))
			require.Equal(t, "alpha", out.General.Name)
			require.Equal(t, 72, out.Insights.StaleHours)
			require.Contains(t, out.Secrets, "saleschat_key")
			return out.Secrets["rapidbott_key"].Configured, out.Secrets["rapidbott_key"].Last4
		}
		refused := func(c *servertest.Client, status int, code, body string) {
			t.Helper()
			got, text := call(t, c, "POST", path, body)
			require.Equal(t, status, got, text)
			require.Contains(t, text, `"code":"`+code+`"`)
			require.NotContains(t, text, "10.0.0.1")
		}
		refused(&w.Owner.Client, 422, "PARTNER_KEY_INVALID", `{"key": "bad-key-0123456789"}`)
		refused(&w.Owner.Client, 503, "UPSTREAM_UNAVAILABLE", `{"key": "down-key-0123456789"}`)
		require.Empty(t, kept())
		status, body := call(t, &w.Owner.Client, "POST", path, `{"key": " good-key-0123456789 "}`)
		require.Equal(t, 200, status, body)
		require.Contains(t, body, `"last4":"6789"`)
		require.Contains(t, body, `"result":"ACCEPTED"`)
		require.Equal(t, "good-key-0123456789", kept())
		refused(&w.Owner.Client, 422, "PARTNER_KEY_INVALID", `{"key": "bad-key-0123456789"}`)
		refused(&w.Owner.Client, 503, "UPSTREAM_UNAVAILABLE", `{"key": "down-key-0123456789"}`)
		require.Equal(t, "good-key-0123456789", kept(), "what was there stays")
		refused(&w.Owner.Client, 400, "UNKNOWN_FIELD", `{"secret": "good-key"}`)
		refused(&w.Owner.Client, 400, "VALIDATION_FAILED", `{"key": "`+strings.Repeat("x", 513)+`"}`)
		refused(&w.Ben.Client, 403, "FORBIDDEN", `{"key": "good-key-0123456789"}`)
		refused(&w.Key.Client, 403, "SCOPE_MISSING", `{"key": "good-key-0123456789"}`)

		configured, last4 := shows(&w.Owner.Client)
		require.True(t, configured)
		require.Equal(t, "6789", *last4)
		configured, last4 = shows(&w.Ben.Client)
		require.True(t, configured)
		require.Nil(t, last4, "who may not change settings learns only that it is set")
		status, body = call(t, &w.Key.Client, "GET", "/api/settings", "")
		require.Equal(t, 403, status, body)
		status, _ = call(t, &servertest.Client{URL: w.URL, Token: "tbs_x"}, "GET", "/api/settings", "")
		require.Equal(t, 401, status)

		servertest.Must[any](t, &w.Owner.Client, `mutation { setSaleschatKey(input: {key: "sales-key-9876543210"}) { secret { configured last4 lastCheck { at } } } }`, nil)
		answers := body + string(w.Owner.Do(t, `{ settings { secrets { name configured last4 setBy { name } } } changes(first: 200) { commits { changes { kind before after } } } auditLog { nodes { action details } } }`, nil).Data)
		require.Contains(t, answers, "settings.secret_changed")
		require.Contains(t, answers, "3210")
		for _, secret := range []string{"good-key-012345", "bad-key-012345", "down-key-012345", "sales-key-98765"} {
			assert.NotContains(t, answers, secret)
			assert.NotContains(t, dumpAll(t, w), secret)
			assert.NotContains(t, log.String(), secret)
		}
		status, body = call(t, &w.Owner.Client, "POST", path, `{"key": ""}`)
		require.Equal(t, 200, status, body)
		require.Empty(t, kept())
		configured, _ = shows(&w.Owner.Client)
		require.False(t, configured)
	})
}

// TestASecretOpensInItsPlaceAlone: a sealed secret that is copied to another workspace or name is worth nothing there.
func TestASecretOpensInItsPlaceAlone(t *testing.T) {
	box, err := seal.New(bytes.Repeat([]byte{7}, seal.KeySize))
	require.NoError(t, err)
	s := servertest.StartOn(t, servertest.Database(t, store.SQLite), func(c *app.Config) { c.Box, c.PartnerKeys = box, partner{"alpha"} })
	alpha, bravo := servertest.Found(t, s, "alpha"), servertest.Found(t, s, "bravo")
	servertest.Must[any](t, &alpha.Owner.Client, `mutation { setSaleschatKey(input: {key: "sales-key-9876543210"}) { revision } }`, nil)
	_, err = s.DB.Write.ExecContext(t.Context(), "INSERT INTO secrets (workspace_id, name, sealed, last4, set_at, set_by) SELECT ?, name, sealed, last4, set_at, set_by FROM secrets", bravo.WorkspaceID)
	require.NoError(t, err)
	_, err = s.CRM.Secret(t.Context(), bravo.WorkspaceID, crm.SaleschatKey)
	require.ErrorIs(t, err, seal.ErrBroken)
	own, err := s.CRM.Secret(t.Context(), alpha.WorkspaceID, crm.SaleschatKey)
	require.NoError(t, err)
	require.Equal(t, "sales-key-9876543210", string(own))
}

// TestWithoutASealNoSecretIsKept: a deployment without the key to seal with stores nothing rather than plain text.
func TestWithoutASealNoSecretIsKept(t *testing.T) {
	w := servertest.Found(t, servertest.Start(t, store.SQLite), "alpha")
	w.CRM.Box = nil
	w.Owner.Refused(t, "FORBIDDEN", `mutation { setSaleschatKey(input: {key: "sales-key-9876543210"}) { revision } }`, nil)
	require.NotContains(t, dumpAll(t, w), "sales-key")
}
