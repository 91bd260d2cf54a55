import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** fits finds nothing that goes over an edge: not the document, not the main part, no control; and no control too small for a finger. */
export async function fits(page: Page, what: string, width: number, except: string) {
  const found = await page.evaluate(
    ({ width, except }) => {
      const wrong: string[] = [];
      const root = document.documentElement;
      const main = document.querySelector('main');
      if (root.scrollWidth > width) wrong.push(`the document is ${root.scrollWidth} px wide`);
      if (document.querySelector('header') && main?.id === 'content' && root.scrollHeight > innerHeight) wrong.push(`the document is ${root.scrollHeight} px high`);
      if (main && main.scrollWidth > main.clientWidth) wrong.push(`the main part is ${main.scrollWidth - main.clientWidth} px too wide`);

      const controls = 'a[href], button, input, select, textarea, summary, [role=button], [role^=menuitem], [role=tab], [role=slider]';
      const seen = (element: Element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !element.closest('[inert]') && !(except && element.closest(except));
      const scrolls = (style: CSSStyleDeclaration, axis: 'X' | 'Y') => /auto|scroll/.test(style[`overflow${axis}`]);
      const hides = (style: CSSStyleDeclaration, axis: 'X' | 'Y') => /hidden|clip/.test(style[`overflow${axis}`]);
      const name = (element: Element) => `${element.tagName.toLowerCase()} “${(element.getAttribute('aria-label') ?? (element as HTMLInputElement).labels?.[0]?.textContent ?? element.textContent ?? '').trim().slice(0, 40)}”`;

      /** cut says how much of a control is past the edge of the screen or of what hides it; what can be scrolled to is not. */
      const cut = (element: Element, axis: 'X' | 'Y') => {
        const box = element.getBoundingClientRect();
        const [start, end] = axis === 'X' ? [box.left, box.right] : [box.top, box.bottom];
        let lifted = getComputedStyle(element).position === 'absolute';
        for (let around = element.parentElement; around; around = around.parentElement) {
          const style = getComputedStyle(around);
          // What is taken out of the flow is clipped by what it is placed in, not by what is between.
          if (lifted && style.position === 'static') continue;
          lifted = style.position === 'absolute';
          if (scrolls(style, axis)) return 0;
          if (hides(style, axis) && around !== document.body && around !== root) {
            const edge = around.getBoundingClientRect();
            const over = axis === 'X' ? Math.max(edge.left - start, end - edge.right) : Math.max(edge.top - start, end - edge.bottom);
            if (over > 1) return over;
          }
          if (style.position === 'fixed') break;
          if (axis === 'Y' && around === root) return 0; // a page that is scrolled whole
        }
        return Math.max(-start, end - (axis === 'X' ? width : innerHeight));
      };
      /** target is what takes a finger: a control, the label around it, or what it lays over itself. */
      const target = (element: HTMLElement) => {
        const box = ((element as HTMLInputElement).labels?.[0]?.contains(element) ? (element as HTMLInputElement).labels![0]! : element).getBoundingClientRect();
        const over = getComputedStyle(element, '::after');
        const [w, h] = over.position === 'absolute' && over.content !== 'none' ? [parseFloat(over.width), parseFloat(over.height)] : [0, 0];
        return [Math.max(box.width, w || 0), Math.max(box.height, h || 0)] as const;
      };
      for (const element of document.querySelectorAll<HTMLElement>(controls)) {
        const box = element.getBoundingClientRect();
        if (!seen(element) || box.width <= 1 || box.height <= 1) continue;
        if (!element.closest('[aria-hidden=true]')) for (const axis of ['X', 'Y'] as const) if (cut(element, axis) > 1) wrong.push(`${name(element)} is cut off by ${Math.round(cut(element, axis))} px along ${axis}`);
        // A link in a sentence is as high as its line.
        if (element.matches('a[href]') && getComputedStyle(element).display === 'inline') continue;
        const [w, h] = target(element);
        if (w < 23.5 || h < 23.5) wrong.push(`${name(element)} is ${Math.round(w)} × ${Math.round(h)} px`);
      }
      return [...new Set(wrong)];
    },
    { width, except },
  );
  expect(found, what).toEqual([]);
}
