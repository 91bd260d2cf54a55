package crm

import (
	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/money"
)

// maxItems is how many line items a record has at most.
const maxItems = 100

// LineItemInput is a line of what a record is about.
type LineItemInput struct {
	Name      string
	Quantity  string
	UnitPrice string
}

// items reads line items; both numbers keep their digits.
func (c *checker) items(field string, in []*LineItemInput) []money.Item {
	if len(in) > maxItems {
		c.Add(field, "has %d items, at most %d are possible", len(in), maxItems)
	}
	out := make([]money.Item, 0, len(in))
	for i, item := range in {
		at := pathOf(field, i)
		quantity, err := money.Decimal(item.Quantity)
		if c.Take(at+".quantity", err); err == nil && quantity == "0" {
			c.Add(at+".quantity", "is not greater than 0")
		}
		price, err := money.Decimal(item.UnitPrice)
		c.Take(at+".unitPrice", err)
		out = append(out, money.Item{Name: c.required(at+".name", item.Name, 200), Quantity: quantity, UnitPrice: price})
	}
	return out
}

// worth is what an input says of a record's value.
type worth struct {
	value     graphql.Omittable[*MoneyInput]
	currency  *string
	items     graphql.Omittable[[]*LineItemInput]
	fromItems graphql.Omittable[*bool]
}

// worth applies what an input says of a record's value, currency and line items. A value that follows from the items
// is computed anew and cannot be sent; a currency alone is sent only where no value of the old one stays behind.
func (c *checker) worth(path string, r *ent.Record, in worth) {
	if given(in.items) {
		r.LineItems = c.items(path+".lineItems", in.items.Value())
	}
	if given(in.fromItems) {
		on := in.fromItems.Value()
		if on == nil {
			c.Add(path+".valueFromItems", "cannot be cleared")
		}
		r.ValueFromItems = on != nil && *on
	}
	sent := in.value.Value()
	switch {
	case r.ValueFromItems && given(in.value):
		c.Add(path+".value", "follows from the line items and cannot be sent")
		return
	case given(in.value):
		c.value(path+".value", sent, r)
	}
	if in.currency != nil && *in.currency != r.Currency {
		switch _, known := money.Digits(*in.currency); {
		case !known:
			c.Add(path+".currency", "%q is not a currency of ISO 4217", *in.currency)
		case sent != nil && sent.Currency != nil:
			c.Add(path+".currency", "is not that of the value")
		case sent == nil && r.Value != nil && !r.ValueFromItems:
			c.Add(path+".currency", "changes only together with the value")
		}
		r.Currency = *in.currency
		if sent != nil && !r.ValueFromItems { // read again, in the digits of this currency
			c.value(path+".value", sent, r)
		}
	}
	if r.ValueFromItems {
		minor, err := itemsValue(r)
		c.Take(path+".lineItems", err)
		r.Value = &minor
	}
}

// itemsValue is what a draft's items come to; 0 while one of them was refused.
func itemsValue(r *ent.Record) (int64, error) {
	for _, i := range r.LineItems {
		if i.Quantity == "" || i.UnitPrice == "" {
			return 0, nil
		}
	}
	minor, err := money.ItemsValue(r.LineItems, r.Currency)
	if f := fault.Of(err); f != nil {
		return 0, f
	}
	return minor, err
}
