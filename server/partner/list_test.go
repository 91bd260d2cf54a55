package partner_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/partner"
	"github.com/rapidbott/tideboard/server/partner/simulator"
)

// crowd gives the demo workspace so many members.
func crowd(r *rig, n int) {
	r.sim.Change("demo", func(w *simulator.Workspace) {
		w.Members = nil
		for i := range n {
			w.Members = append(w.Members, simulator.Member{ID: fmt.Sprint("m", i), FirstName: fmt.Sprintf("M%05d", i), Role: "agent", IsActive: i%2 == 0})
		}
	})
}

func TestMembersOfTheDemo(t *testing.T) {
	r := rigged(t)
	p, err := r.Members(t.Context(), "demo", partner.MemberQuery{})
	require.NoError(t, err)
	roles := map[string]string{}
	for _, m := range p.Items {
		roles[m.Email] = m.Role
		assert.True(t, m.IsActive)
	}
	assert.Equal(t, map[string]string{"olivia.hart@example.com": "owner", "amara.nwosu@example.com": "admin", "ben.okafor@example.com": "agent",
		"chloe.lindqvist@example.com": "agent", "dana.reyes@example.com": "editor"}, roles)
	assert.Equal(t, []int{5, 1, 50, 1}, []int{p.Total, p.Page, p.Limit, p.TotalPages})
	p, err = r.Members(t.Context(), "demo", partner.MemberQuery{Role: "agent", Name: "HLOE l", Limit: 1})
	require.NoError(t, err)
	require.Len(t, p.Items, 1)
	assert.Equal(t, "Chloe", p.Items[0].FirstName)
	p, err = r.Members(t.Context(), "demo", partner.MemberQuery{Name: "x&role=owner#"})
	require.NoError(t, err)
	assert.Empty(t, p.Items)
	p, err = r.Members(t.Context(), "demo", partner.MemberQuery{Page: 3, Limit: 2})
	require.NoError(t, err)
	assert.Len(t, p.Items, 1)
	p, err = r.Members(t.Context(), "demo", partner.MemberQuery{Page: 4, Limit: 2})
	require.NoError(t, err)
	assert.Empty(t, p.Items)
	assert.Equal(t, 3, p.TotalPages)
	r.sim.ClearAsked()
	for _, q := range []partner.MemberQuery{{Page: -1}, {Limit: -1}, {Limit: 201}, {Page: 10_001}, {Role: strings.Repeat("x", 65)}, {Name: strings.Repeat("x", 401)}} {
		_, err = r.Members(t.Context(), "demo", q)
		assert.True(t, fault.Is(err, fault.ValidationFailed), "%v", q)
	}
	assert.Zero(t, r.sim.Asked(""))
}

func TestAllMembersAreAll(t *testing.T) {
	for _, n := range []int{0, 1, 199, 200, 201, 400, 1037} {
		r := rigged(t)
		crowd(r, n)
		all, err := r.AllMembers(t.Context(), "demo")
		require.NoError(t, err)
		require.Len(t, all, n)
		for i, m := range all {
			require.Equal(t, fmt.Sprint("m", i), m.ID)
		}
		assert.Equal(t, n/200+1, r.sim.Asked(simulator.RouteMembers))
	}
}

// TestATotalThatLiesIsCaught: a list that is not whole would take people's access away.
func TestATotalThatLiesIsCaught(t *testing.T) {
	for _, total := range []int{0, 1, 199, 200, 400, 449, 451, 600, 9_999, 10_001, 2_000_000_000, -1} {
		r := rigged(t)
		crowd(r, 450)
		r.inject(t, simulator.Fault{Kind: simulator.FaultTotal, Total: total})
		all, err := r.AllMembers(t.Context(), "demo")
		assert.ErrorIs(t, err, partner.ErrUnavailable, "%d", total)
		assert.Zero(t, len(all), "not a part of them")
		assert.LessOrEqual(t, r.sim.Asked(""), 3, "%d", total)
	}
}

func TestAListThatChangesWhileItIsReadIsReadAgain(t *testing.T) {
	r := rigged(t)
	crowd(r, 450)
	r.inject(t, simulator.Fault{Kind: simulator.FaultTotal, Total: 300, Times: 1}) // the first page, as if it were of 300
	all, err := r.AllMembers(t.Context(), "demo")
	require.NoError(t, err)
	assert.Len(t, all, 450)
	assert.Equal(t, 5, r.sim.Asked(""))

	r.inject(t, simulator.Fault{Kind: simulator.FaultTotal, Total: 300, Times: 1})
	r.inject(t, simulator.Fault{Kind: simulator.FaultPass, Times: 1})
	r.inject(t, simulator.Fault{Kind: simulator.FaultTotal, Total: 300, Times: 1})
	_, err = r.AllMembers(t.Context(), "demo")
	assert.ErrorIs(t, err, partner.ErrUnavailable, "and not for ever")
	assert.Equal(t, 9, r.sim.Asked(""))
}

func TestMoreMembersThanAreTaken(t *testing.T) {
	r := rigged(t)
	crowd(r, partner.MaxMembers+1)
	_, err := r.AllMembers(t.Context(), "demo")
	assert.ErrorIs(t, err, partner.ErrUnavailable)
	assert.Equal(t, 1, r.sim.Asked(""))
}

// TestMembersThatBreakTheContract are pages with one thing wrong.
func TestMembersThatBreakTheContract(t *testing.T) {
	good := `{"workspace_id":"demo","items":[{"id":"a","role":"agent","is_active":true,"avatar_url":"javascript:alert(1)"},{"id":"b","role":"x","is_active":false,"email":null}],"total":2,"page":1,"limit":50,"total_pages":1}`
	r := rigged(t)
	set := func(body string) (*partner.MemberPage, error) {
		r.sim.Clear(0)
		r.inject(t, simulator.Fault{Kind: simulator.FaultBody, Body: body})
		return r.Members(t.Context(), "demo", partner.MemberQuery{})
	}
	p, err := set(good)
	require.NoError(t, err)
	assert.Empty(t, p.Items[0].AvatarURL, "no address for a browser")
	for _, change := range [][2]string{
		{`"workspace_id":"demo"`, `"workspace_id":"demo-free"`}, {`"workspace_id":"demo",`, ``}, {`"id":"b"`, `"id":"a"`}, {`"id":"b"`, `"id":""`}, {`"id":"b"`, `"id":1`},
		{`"role":"x",`, ``}, {`"is_active":false`, `"is_active":null`}, {`"total":2`, `"total":3`}, {`"total":2`, `"total":1`}, {`"total":2`, `"total":"2"`}, {`"total":2`, `"total":2.5`},
		{`"page":1`, `"page":2`}, {`"limit":50`, `"limit":49`}, {`"total_pages":1`, `"total_pages":2`}, {`"total_pages":1`, `"total_pages":null`}, {`"items":[`, `"items":null,"x":[`},
		{`"items":[`, `"items":[null,`}, {`"items":[`, `"items":{},"x":[`}, {`"items":[`, `"items":[` + strings.Repeat(`{},`, 300_000)},
	} {
		body := strings.Replace(good, change[0], change[1], 1)
		require.NotEqual(t, good, body, change[0])
		_, err := set(body)
		assert.ErrorIs(t, err, partner.ErrUnavailable, "%s for %s", change[1][:min(len(change[1]), 60)], change[0])
	}
}

// follow reads all pages of subscribers.
func follow(t *testing.T, r *rig, q partner.SubscriberQuery) (all []partner.Subscriber) {
	t.Helper()
	for {
		p, err := r.Subscribers(t.Context(), "demo", q)
		require.NoError(t, err)
		all = append(all, p.Items...)
		if q.Cursor = p.NextCursor; q.Cursor == "" {
			return all
		}
	}
}

func TestSubscribersPageThrough(t *testing.T) {
	r := rigged(t)
	all := follow(t, r, partner.SubscriberQuery{Key: simulator.DemoKey})
	assert.Equal(t, 5, r.sim.Asked(""), "480 in pages of 100")
	require.Len(t, all, 480)
	ids, namespaces, names := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i, s := range all {
		ids[s.ID], namespaces[s.UserNS], names[s.FirstName+" "+s.LastName] = true, true, true
		assert.True(t, i == 0 || s.UpdatedAt.After(all[i-1].UpdatedAt), "the longest unchanged first")
	}
	assert.Len(t, ids, 480)
	assert.Len(t, namespaces, 480)
	assert.Len(t, names, 480)
	assert.Equal(t, partner.Subscriber{ID: "sub_00002", UserNS: all[1].UserNS, FirstName: "Bruno", LastName: "Albrecht", Phones: []string{"+447700900001"},
		Emails: []string{"subscriber.2@example.com"}, Channel: "whatsapp", ChatURL: "https://chat.example.com/demo/00002", Language: "en", Country: "DE", Tags: []string{},
		Attributes: map[string]string{"interest": "charter"}, UpdatedAt: r.clock.now().Add(-479 * 4 * time.Hour)}, all[1])

	since := all[400].UpdatedAt
	assert.Equal(t, all[400:], follow(t, r, partner.SubscriberQuery{Key: simulator.DemoKey, Since: &since, Limit: 7}), "that instant counts")
	future := r.clock.now()
	assert.Empty(t, follow(t, r, partner.SubscriberQuery{Key: simulator.DemoKey, Since: &future}))

	r.sim.ClearAsked()
	for _, q := range []partner.SubscriberQuery{{Limit: 201}, {Limit: -1}, {Cursor: strings.Repeat("x", 513)}} {
		q.Key = simulator.DemoKey
		_, err := r.Subscribers(t.Context(), "demo", q)
		assert.True(t, fault.Is(err, fault.ValidationFailed))
	}
	assert.Zero(t, r.sim.Asked(""))
	_, err := r.Subscribers(t.Context(), "demo", partner.SubscriberQuery{Key: simulator.DemoKey, Cursor: "x"})
	assert.ErrorIs(t, err, partner.ErrUnavailable, "a cursor that is none of the partner's")
}

func TestSubscribersThatBreakTheContract(t *testing.T) {
	good := `{"workspace_id":"demo","items":[{"id":"s","opted_out":false,"updated_at":"2026-03-01T00:00:00+02:00","chat_url":"ftp://x"}],"next_cursor":"n"}`
	r := rigged(t)
	since := time.Date(2026, 2, 28, 22, 0, 0, 999, time.UTC) // finer than the partner's microseconds
	set := func(body string) (*partner.SubscriberPage, error) {
		r.sim.Clear(0)
		r.inject(t, simulator.Fault{Kind: simulator.FaultBody, Body: body})
		return r.Subscribers(t.Context(), "demo", partner.SubscriberQuery{Key: simulator.DemoKey, Cursor: "c", Since: &since, Limit: 2})
	}
	p, err := set(good)
	require.NoError(t, err)
	assert.Equal(t, "n", p.NextCursor)
	assert.Empty(t, p.Items[0].ChatURL)
	assert.Equal(t, since.Truncate(time.Second), p.Items[0].UpdatedAt)
	for _, change := range [][2]string{
		{`"demo"`, `"other"`}, {`"next_cursor":"n"`, `"next_cursor":"c"`}, {`"next_cursor":"n"`, `"next_cursor":"` + strings.Repeat("x", 513) + `"`}, {`[{`, `[],"x":[{`},
		{`"opted_out":false`, `"x":1`}, {`"opted_out":false`, `"opted_out":0`}, {`2026-03-01T00:00:00+02:00`, `2026-02-27T00:00:00Z`}, {`2026-03-01T00:00:00+02:00`, `yesterday`},
		{`"id":"s"`, `"id":"s","phones":"+49"`}, {`"id":"s"`, `"id":"s","tags":[1]`}, {`"id":"s"`, `"id":"s","attributes":{"a":1}`}, {`"id":"s"`, `"id":"s","attributes":{"a":"\u0000"}`},
		{`"id":"s"`, `"id":"s","tags":[` + strings.Repeat(`"x",`, 200) + `"x"]`}, {`"id":"s"`, `"id":"s","country":"Germany"`}, {`[{`, strings.Repeat(`[{"id":"s","opted_out":false,"updated_at":"2026-03-01T00:00:00Z"},`, 1) + `{"id":"t","opted_out":false,"updated_at":"2026-03-01T00:00:00Z"},{`},
	} {
		body := strings.Replace(good, change[0], change[1], 1)
		require.NotEqual(t, good, body, change[0])
		_, err := set(body)
		assert.ErrorIs(t, err, partner.ErrUnavailable, change[1])
	}
}
