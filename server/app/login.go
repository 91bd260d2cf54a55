package app

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"net/http"

	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/mail"
	"github.com/rapidbott/tideboard/server/partner"
	"github.com/rapidbott/tideboard/server/seal"
)

// open puts together what logins need: the partner, the mails, who may come in.
func (a *App) open(cfg Config) (err error) {
	box := cfg.Box
	if box == nil {
		if box, err = seal.Load("", cmp.Or(cfg.VarDir, "var")); err != nil {
			return err
		}
	}
	plans, err := access.ParsePlans(access.DefaultPlans, access.DefaultMinimum)
	if cfg.Plans != nil {
		plans, err = *cfg.Plans, nil
	}
	if err != nil {
		return err
	}
	if cfg.Partner.BaseURL != "" {
		cfg.Partner.Logger, cfg.Partner.Now = cfg.Logger, cfg.Now
		if a.client, err = partner.New(cfg.Partner); err != nil {
			return err
		}
		a.asked = partner.NewCached(a.client, partner.CacheConfig{Now: cfg.Now})
	}
	a.Outbox = &mail.Outbox{DB: a.DB, Box: box, Sender: a.sender(cfg, box), Now: cfg.Now, Logger: cfg.Logger, Random: rand.Float64}
	a.Eligibility = &access.Eligibility{Partner: a.asked, Plans: plans, CRM: a.CRM, DB: a.DB, Now: cfg.Now, Logger: cfg.Logger, EmbedOn: cfg.Embed.On()}
	a.Gate.Standing, a.CRM.Box = a.Eligibility.Standing, box
	a.Logins = &access.Logins{Eligibility: a.Eligibility, Limiter: &access.Limiter{DB: a.DB, Box: box, Now: cfg.Now}, CRM: a.CRM, DB: a.DB, Box: box,
		Outbox: a.Outbox, Embed: cfg.Embed, Now: cfg.Now, Logger: cfg.Logger}
	return nil
}

// sender is the way mails take out of the house.
func (a *App) sender(cfg Config, box *seal.Box) mail.Sender {
	smtp := cfg.SMTP.SMTP()
	switch {
	case cfg.Sender != nil:
		return cfg.Sender
	case cfg.PartnerMails && a.client != nil && smtp != nil:
		return mail.First(systemMail(a.client), smtp)
	case cfg.PartnerMails && a.client != nil:
		return systemMail(a.client)
	case smtp != nil:
		return smtp
	case cfg.Mailbox:
		a.mailbox = &mail.Mailbox{DB: a.DB, Box: box}
		return a.mailbox
	}
	return nowhere{}
}

// systemMail is the partner's.
func systemMail(c *partner.Client) mail.Partner {
	return func(ctx context.Context, m mail.PartnerMail) error {
		err := c.SendMail(ctx, partner.Mail{To: m.To, Subject: m.Subject, Text: m.Text, HTML: m.HTML, Key: m.Key})
		if errors.Is(err, partner.ErrMailRefused) {
			return &mail.Failure{Word: mail.Rejected, Permanent: true}
		}
		return err
	}
}

// nowhere is the sender of a deployment without one: mails wait for it to be configured.
type nowhere struct{}

func (nowhere) Name() string { return "none" }

func (nowhere) Send(context.Context, *mail.Envelope) error {
	return &mail.Failure{Word: mail.Unreachable}
}

// mailboxPage shows the mails that were kept; nil when they are sent.
func (a *App) mailboxPage() http.Handler {
	if a.mailbox == nil {
		return nil
	}
	return a.mailbox.Handler()
}

// KeepsMails tells whether mails are kept in the development mailbox, and not sent.
func (a *App) KeepsMails() bool { return a.mailbox != nil }

// Mails are those that the development mailbox keeps, the newest first; none when mails are sent.
func (a *App) Mails(ctx context.Context) ([]mail.Kept, error) {
	if a.mailbox == nil {
		return nil, nil
	}
	return a.mailbox.List(ctx)
}
