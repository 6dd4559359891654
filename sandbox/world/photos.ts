/** Pictures of nobody: a head and shoulders in one of four colours, as JPEG (wonde-api.md §8). */
import { createHash } from 'node:crypto'
import { wondeId } from './ids.ts'
import { hash } from './random.ts'
import type { Student } from './people.ts'
import type { School } from './school.ts'

export type Photo = { n: number; id: string; hash: string; content: string; takenAt: number }

/** What the four have in common, base64: the tables of the format. */
const head =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/4gHYSUNDX1BST0ZJTEUAAQEAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3Nw' +
  'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' +
  'AAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJD' +
  'AAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBH' +
  'AEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAA' +
  'AADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBv' +
  'AGcAbABlACAASQBuAGMALgAgADIAMAAxADb/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhl' +
  'bXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8' +
  'fHx8fHx8fHz/wAARCAA8ADADASIAAhEBAxEB/8QA'

const pictures = [
  'GQABAQEBAQEAAAAAAAAAAAAAAAYFBAEH/8QAKhAAAgECAwYHAQEAAAAAAAAAAQIAAwQFERIGITEyobETIiRBUXGR4YH/xAAXAQADAQAA' +
    'AAAAAAAAAAAAAAABAgME/8QAHREAAwEAAgMBAAAAAAAAAAAAAAERAgMxEhMiIf/aAAwDAQACEQMRAD8ArIiIwBExrvaO3oVClFGrkcSD' +
    'kv7FptHb16gSsjUCeBJzX9j+GpYCo2YiIgRMzaG4a3wxtByNRgmY+N5Paac4sXszfWD0k5x5k+xGzKqB9ERE9ZWRirgqwORB4iFVnYKg' +
    'LMTkAOJm0kWGz1w1xhi6zmabFMz8biO805xYRZmxsEpPznzP9mdsxalcLLoRElsaxl69Rre1crRXczA8/wDIc5enEBuGrfvhDv6xqLP7' +
    '5Z6um+LB8IR/RtRVzwzz1dd8j4l/V+SieR9EiS2C4y9CotvdOWotuVieT+SpkNZeXGOnTOx66Nrhr6Tk9Q6B/vHpIyUm1bHw7ZfYlj2k' +
    '3NHEvkTXYiIlRRLPAbo3WGpqOb0zoJ+uHSRkpNlGPh3K+wKnvJcq+Rs9n//Z',
  'GQABAQEBAQEAAAAAAAAAAAAAAAYFBAIH/8QAKhAAAgECAwUJAQAAAAAAAAAAAQIAAwQFERIGITEyQRMiJFFxgZGhseH/xAAYAQADAQEA' +
    'AAAAAAAAAAAAAAABAgMABP/EAB0RAAICAgMBAAAAAAAAAAAAAAABAhEhMQMSIhP/2gAMAwEAAhEDEQA/AKyIiMARMe72it6FQpRQ1iOJ' +
    'ByHzFptFb16gSshok8CTmPmC0L3jdWbEREIwmbtBcNQw1tByNRgmY8t+f5NKceLWZvbF6Sc47y+omYJawRMT0ysjFXBVgciD0hVZ2CoC' +
    'zE5ADrJnGV2z9w1fDV1nM02KZny6fs0px4TZmysUpNznvN6mdkojsjrIiJL4zjD1qjW9s5Wku5mB5/5M3QJSUUat++EO/i2os/XLPV9b' +
    '4sHwhH8I1JX6Z56vvfJCIlkfpm6PoUSXwbGHo1Ft7ly1JtysTyfyVEdOy0ZKSM7Hbo22HPpOT1DoHvx+pHSj2qY9nbL0JY/knIktkOR+' +
    'hERATEssCujc4cmo5vTOg+3D6kbKPZVj2dyvQFT+wx2U436P/9k=',
  'GAABAQEBAQAAAAAAAAAAAAAAAAYFBAH/xAAsEAACAQMCBAQGAwAAAAAAAAABAgADBAURQQYSITETMqGxIiRxgZHhQlFh/8QAGAEAAwEB' +
    'AAAAAAAAAAAAAAAAAgMEAQX/xAAcEQADAQADAQEAAAAAAAAAAAAAARECAxMhIhL/2gAMAwEAAhEDEQA/AKyIiEYImRdcQW9GoUpIaxHc' +
    'g6D8xa8QW9aoEqoaJPYk6j8wOzFlD/GpYa8REMATNz1dqGObkOhqME1/zf2mlOPK2hvbJ6a+cfEv1EHdeXAsyqkbE9ZWRirAqwOhB2hV' +
    'Z2CqCzE6ADec4tKzA12r45ec6mmxTU/1t7zRnHirQ2VklNvOfib6mdk6OKsqkWpXBESZzGXetUahbMVpL0ZgfP8AqZvawqzc5enEal8+' +
    'Kd/m2pM++nf06xYvilf5Q0g+2vf16yTiS93tg/q8lL6JM4fLvRqLQuWLUj0Vj/D9SmlWNraqEay8uMz83cm2x78p0aoeQffv6SRlDxQT' +
    '4dsuxLH2k9Jed3cKOJfIiIiBgldhLk3OPTmOrUzyH7dvSSMoeFyfDuV2BU+8fwObgvlXyf/Z',
  'GAABAQEBAQAAAAAAAAAAAAAAAAYFBAH/xAAsEAACAQMCAwcEAwAAAAAAAAABAgADBAURQQYSMRMhIiQyobFxgZHhQlFh/8QAGAEAAwEB' +
    'AAAAAAAAAAAAAAAAAQIDAAT/xAAdEQADAQACAwEAAAAAAAAAAAAAARECAzESEyIh/9oADAMBAAIRAxEAPwCsiIjAETIuuILejUKUkNYj' +
    'qQdB+YteILetUCVUNEnoSdR+Y/hqWBjNeIiIATNz1dqGObkOhqME1/zf4mlOPK2hvbJ6a+seJfqI2ZVQrsjYnrKyMVYFWB0IO0KrOwVQ' +
    'WYnQAbzsKlXga7V8cvOdTTYpqf62+ZpTjxVobKySm3rPib6mdk49SuEn2IiTOYy71qjULZitJe5mB9f6mzl6Zkqal8+Jd/NtSZ99OvtF' +
    'i+KR/KGkH216+/fJOJf1/ko/iX0SZw+XejUWhcsWpN3Kx/j+pTSGsvLEahn5u5Ntj35To1Q8g+/X2kjKHigns7ZdiWPxJ6X418j56ERE' +
    'qMJXYS5Nzj05jq1M8h+3T2kjKHhcns7ldgVPzJci+RddH//Z',
].map((rest) => {
  const content = head + rest
  return { content, hash: createHash('md5').update(content).digest('hex') }
})

/** Seven in ten have a picture. */
export function photoOf({ place }: School, student: Student): Photo | null {
  const chance = hash(`${place.seed}:${place.school}:photo:${student.n}`)
  if (chance % 10 >= 7) return null
  const picture = pictures[chance % pictures.length]!
  const id = wondeId(place.seed, place.school, 'photo', student.n)
  return { n: student.n, id, ...picture, takenAt: student.createdAt }
}
