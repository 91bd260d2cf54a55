package partner_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/partner"
	"github.com/rapidbott/tideboard/server/partner/simulator"
)

func TestAMailIsTaken(t *testing.T) {
	r := rigged(t)
	require.NoError(t, r.SendMail(t.Context(), mail("k1")))
	m := mail("k1")
	assert.Equal(t, []simulator.Mail{{Key: "k1", To: m.To, Subject: m.Subject, Text: m.Text, HTML: m.HTML, TakenAt: r.clock.now()}}, r.sim.Mails())
}

// TestAMailWithAKeyIsTakenOnce: the partner takes it and cannot say so, twice.
func TestAMailWithAKeyIsTakenOnce(t *testing.T) {
	r := rigged(t)
	r.inject(t, simulator.Fault{Kind: simulator.FaultCutAfter, Times: 2})
	require.NoError(t, r.SendMail(t.Context(), mail("k1")))
	assert.Equal(t, 3, r.sim.Asked(simulator.RouteMails))
	assert.Len(t, r.sim.Mails(), 1)
	require.NoError(t, r.SendMail(t.Context(), mail("k1")), "an outbox that forgot may hand it over again")
	assert.Len(t, r.sim.Mails(), 1)

	other := mail("k1")
	other.Text = "another"
	assert.Equal(t, partner.ErrMailRefused, r.SendMail(t.Context(), other))
	require.NoError(t, r.SendMail(t.Context(), mail("k2")))
	assert.Len(t, r.sim.Mails(), 2)
}

func TestAMailWithoutAKeyIsHandedOverOnce(t *testing.T) {
	r := rigged(t)
	r.inject(t, simulator.Fault{Kind: simulator.FaultCutAfter})
	assert.ErrorIs(t, r.SendMail(t.Context(), mail("")), partner.ErrUnavailable)
	assert.Equal(t, 1, r.sim.Asked(simulator.RouteMails))
	assert.Len(t, r.sim.Mails(), 1)
	r.sim.Clear(0)
	require.NoError(t, r.SendMail(t.Context(), mail("")))
	assert.Len(t, r.sim.Mails(), 2)
}

func TestMailsThatAreNoneAreRefusedHere(t *testing.T) {
	r := rigged(t)
	for name, change := range map[string]func(*partner.Mail){
		"no address":           func(m *partner.Mail) { m.To = "" },
		"a name":               func(m *partner.Mail) { m.To = "olivia" },
		"two lines of address": func(m *partner.Mail) { m.To += "\r\nBcc: x@example.com" },
		"a long address":       func(m *partner.Mail) { m.To = strings.Repeat("x", 320) + "@example.com" },
		"no subject":           func(m *partner.Mail) { m.Subject = "" },
		"two lines of subject": func(m *partner.Mail) { m.Subject += "\nBcc: x@example.com" },
		"a long subject":       func(m *partner.Mail) { m.Subject = strings.Repeat("x", 401) },
		"no text":              func(m *partner.Mail) { m.Text = "" },
		"a NUL":                func(m *partner.Mail) { m.HTML += "\x00" },
		"no UTF-8":             func(m *partner.Mail) { m.Text += "\xff" },
		"a long text":          func(m *partner.Mail) { m.Text = strings.Repeat("x", 256<<10+1) },
		"a key of two lines":   func(m *partner.Mail) { m.Key = "a\nb" },
		"a long key":           func(m *partner.Mail) { m.Key = strings.Repeat("x", 257) },
	} {
		m := mail("k1")
		change(&m)
		err := r.SendMail(t.Context(), m)
		assert.ErrorIs(t, err, partner.ErrMailRefused, name)
		harmless(t, r, err)
	}
	assert.Zero(t, r.sim.Asked(""))
	// What only the partner knows to be wrong.
	m := mail("k1")
	m.Text = strings.Repeat("x", 256<<10)
	assert.NoError(t, r.SendMail(t.Context(), m))
	r.inject(t, simulator.Fault{Kind: simulator.FaultBody, Body: `{"accepted":false}`})
	assert.ErrorIs(t, r.SendMail(t.Context(), mail("k2")), partner.ErrUnavailable, "taken or not, it must say so")
}
