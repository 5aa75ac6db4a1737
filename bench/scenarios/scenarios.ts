import type { Scenario } from '../result.ts'
import { b1 } from './b1.ts'
import { b2 } from './b2.ts'
import { b3 } from './b3.ts'
import { b4 } from './b4.ts'
import { b5 } from './b5.ts'
import { b6 } from './b6.ts'
import { b7 } from './b7.ts'
import { b8 } from './b8.ts'
import { b9 } from './b9.ts'
import { b11 } from './b11.ts'
import { b13 } from './b13.ts'

export const scenarios: readonly Scenario[] = [b1, b2, b3, b4, b5, b6, b7, b8, b9, b11, b13]
