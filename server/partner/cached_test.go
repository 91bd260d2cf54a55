package partner_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/partner"
	"github.com/rapidbott/tideboard/server/partner/simulator"
)

func cached(t *testing.T, entries int) (*rig, *partner.Cached) {
	t.Helper()
	r := rigged(t)
	c := partner.NewCached(r.Client, partner.CacheConfig{Now: r.clock.now, Entries: entries})
	t.Cleanup(c.Close)
	return r, c
}

func TestAnswersHoldForFiveMinutes(t *testing.T) {
	r, c := cached(t, 0)
	for _, id := range []string{"demo", "nobody"} {
		r.sim.ClearAsked()
		first, wants := c.Fresh(t.Context(), id)
		r.clock.move(5*time.Minute - 1)
		again, err := c.Workspace(t.Context(), id)
		assert.Equal(t, wants, err)
		assert.Equal(t, first, again)
		assert.Equal(t, 1, r.sim.Asked(""))
		r.clock.move(1)
		_, err = c.Fresh(t.Context(), id)
		assert.Equal(t, wants, err)
		assert.Equal(t, 2, r.sim.Asked(""))
	}
	_, err := c.Fresh(t.Context(), "nobody")
	assert.Equal(t, partner.ErrNotFound, err)
	r.sim.ClearAsked()
	_, err = c.Fresh(t.Context(), "a\nb")
	assert.Equal(t, partner.ErrNotFound, err)
	assert.Zero(t, r.sim.Asked(""))
	_, err = c.Members(t.Context(), "demo", partner.MemberQuery{})
	assert.NoError(t, err, "the rest goes through")
}

func TestWhatIsHandedOutIsACopy(t *testing.T) {
	_, c := cached(t, 0)
	w, err := c.Fresh(t.Context(), "demo")
	require.NoError(t, err)
	w.Paused, *w.PaidThrough, w.Owner.Email = true, time.Time{}, "x"
	for range 2 {
		again, err := c.Fresh(t.Context(), "demo")
		require.NoError(t, err)
		assert.False(t, again.Paused)
		assert.False(t, again.PaidThrough.IsZero())
		assert.Equal(t, "olivia.hart@example.com", again.Owner.Email)
		last, _, _ := c.Last("demo")
		last.Paused, *last.PaidThrough = true, time.Time{}
	}
}

func TestErrorsAreNotRemembered(t *testing.T) {
	r, c := cached(t, 0)
	r.inject(t, simulator.Fault{Kind: simulator.FaultGarbage, Times: 3})
	_, err := c.Fresh(t.Context(), "demo")
	assert.ErrorIs(t, err, partner.ErrUnavailable)
	_, _, ok := c.Last("demo")
	assert.False(t, ok)
	_, err = c.Fresh(t.Context(), "demo")
	assert.NoError(t, err)
}

// TestFreshFailsAndLastGoesOn is the rule for a partner that is down: nobody new comes in, who is in stays in for a day.
func TestFreshFailsAndLastGoesOn(t *testing.T) {
	r, c := cached(t, 0)
	began := r.clock.now()
	_, err := c.Fresh(t.Context(), "demo")
	require.NoError(t, err)
	_, err = c.Fresh(t.Context(), "nobody")
	require.Equal(t, partner.ErrNotFound, err)
	r.inject(t, simulator.Fault{Kind: simulator.FaultCut})
	for _, step := range []time.Duration{5 * time.Minute, time.Hour, 22*time.Hour + 55*time.Minute} {
		r.clock.move(step)
		_, err = c.Fresh(t.Context(), "demo")
		assert.ErrorIs(t, err, partner.ErrUnavailable)
		w, at, ok := c.Last("demo")
		assert.True(t, ok)
		assert.Equal(t, began, at)
		assert.Equal(t, "Harbour & Co", w.Name)
		w, at, ok = c.Last("nobody")
		assert.True(t, ok, "that there was none is known too")
		assert.Equal(t, began, at)
		assert.Nil(t, w)
	}
	r.clock.move(1)
	_, _, ok := c.Last("demo")
	assert.False(t, ok)
	_, _, ok = c.Last("never asked")
	assert.False(t, ok)
}

func TestAWorkspaceThatGoesAndComesBack(t *testing.T) {
	r, c := cached(t, 0)
	w, _ := r.sim.Workspace("demo")
	_, err := c.Fresh(t.Context(), "demo")
	require.NoError(t, err)
	r.sim.Remove("demo")
	c.Drop("demo")
	_, err = c.Fresh(t.Context(), "demo")
	assert.Equal(t, partner.ErrNotFound, err)
	last, _, ok := c.Last("demo")
	assert.True(t, ok)
	assert.Nil(t, last, "the old answer is gone")
	r.sim.Put(w)
	c.Drop("demo")
	_, err = c.Fresh(t.Context(), "demo")
	assert.NoError(t, err)
	last, _, _ = c.Last("demo")
	assert.NotNil(t, last)
}

func TestADropIsHeard(t *testing.T) {
	r, c := cached(t, 0)
	_, err := c.Fresh(t.Context(), "demo")
	require.NoError(t, err)
	r.sim.Change("demo", func(w *simulator.Workspace) { w.Paused = true })
	w, _ := c.Fresh(t.Context(), "demo")
	assert.False(t, w.Paused, "not yet known")
	c.Drop("demo")
	c.Drop("never asked")
	last, _, ok := c.Last("demo")
	assert.True(t, ok)
	assert.False(t, last.Paused)
	w, err = c.Fresh(t.Context(), "demo")
	require.NoError(t, err)
	assert.True(t, w.Paused)
	assert.Equal(t, 2, r.sim.Asked(""))
}

// TestADropOvertakesAnAnswerUnderWay: what was asked before the push is neither remembered nor given to whom asks after.
func TestADropOvertakesAnAnswerUnderWay(t *testing.T) {
	r, c := cached(t, 0)
	r.inject(t, simulator.Fault{Kind: simulator.FaultHang, Times: 1})
	early := make(chan error, 1) // the one result
	go func() {
		_, err := c.Fresh(t.Context(), "demo")
		early <- err
	}()
	<-r.heard
	c.Drop("demo")
	_, err := c.Fresh(t.Context(), "demo")
	require.NoError(t, err)
	assert.Equal(t, 2, r.sim.Asked(""), "it did not wait for the one under way")
	r.sim.Change("demo", func(w *simulator.Workspace) { w.Paused = true })
	r.sim.Clear(0) // the early answer comes only now, and says "paused"
	require.NoError(t, <-early)
	w, err := c.Fresh(t.Context(), "demo")
	require.NoError(t, err)
	assert.False(t, w.Paused, "the answer that was overtaken is not remembered")
	assert.Equal(t, 2, r.sim.Asked(""))
}

func TestAThousandAskOnce(t *testing.T) {
	r, c := cached(t, 0)
	r.inject(t, simulator.Fault{Kind: simulator.FaultHang})
	const n = 1000
	var begun, ended sync.WaitGroup
	failed := make(chan error, n) // one of each
	for range n {
		begun.Add(1)
		ended.Go(func() {
			begun.Done()
			if _, err := c.Fresh(t.Context(), "demo"); err != nil {
				failed <- err
			}
		})
	}
	begun.Wait()
	<-r.heard
	r.sim.Clear(0)
	ended.Wait()
	assert.Empty(t, failed)
	assert.Equal(t, 1, r.sim.Asked(""))
}

// TestTheFirstToAskMayGo: the others get the answer for which it asked.
func TestTheFirstToAskMayGo(t *testing.T) {
	r, c := cached(t, 0)
	r.inject(t, simulator.Fault{Kind: simulator.FaultHang, Times: 1})
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error, 1) // the one result
	go func() {
		_, err := c.Fresh(ctx, "demo")
		first <- err
	}()
	<-r.heard
	cancel()
	err := <-first
	assert.ErrorIs(t, err, context.Canceled)
	assert.NotErrorIs(t, err, partner.ErrUnavailable)
	second := make(chan error, 1) // the one result
	go func() {
		_, err := c.Fresh(t.Context(), "demo")
		second <- err
	}()
	r.sim.Clear(0)
	assert.NoError(t, <-second)
	assert.Equal(t, 1, r.sim.Asked(""))
}

// TestWrongIDsPushOutNoWorkspace: whoever types ids at random costs the others nothing.
func TestWrongIDsPushOutNoWorkspace(t *testing.T) {
	r, c := cached(t, 3)
	for _, id := range []string{"demo", "demo-free"} {
		_, err := c.Fresh(t.Context(), id)
		require.NoError(t, err)
	}
	for i := range 20 {
		_, err := c.Fresh(t.Context(), fmt.Sprint("wrong", i))
		require.Equal(t, partner.ErrNotFound, err)
	}
	r.sim.ClearAsked()
	for _, id := range []string{"demo", "demo-free", "wrong17", "wrong18", "wrong19"} {
		_, _ = c.Fresh(t.Context(), id)
	}
	assert.Zero(t, r.sim.Asked(""))
	_, err := c.Fresh(t.Context(), "wrong16")
	assert.Equal(t, partner.ErrNotFound, err)
	assert.Equal(t, 1, r.sim.Asked(""), "three are remembered, not four")
}

func TestCloseEndsWhatIsUnderWay(t *testing.T) {
	r := rigged(t)
	c := partner.NewCached(r.Client, partner.CacheConfig{Now: r.clock.now})
	r.inject(t, simulator.Fault{Kind: simulator.FaultHang})
	done := make(chan error, 1) // the one result
	go func() {
		_, err := c.Fresh(t.Context(), "demo")
		done <- err
	}()
	<-r.heard
	c.Close()
	assert.ErrorIs(t, <-done, partner.ErrUnavailable)
	_, err := c.Fresh(t.Context(), "demo")
	assert.ErrorIs(t, err, partner.ErrUnavailable)
	assert.Equal(t, 1, r.sim.Asked(""))
}
